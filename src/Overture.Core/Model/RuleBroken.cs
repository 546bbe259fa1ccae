namespace Overture.Core.Model;

/// <summary>
/// A rule of the product said no. The code is stable (REST, MCP and CLI map it once); the sentence tells the
/// user what was wrong, where, and what to do.
/// </summary>
public sealed class RuleBroken(string code, string sentence, string? pointer = null) : Exception(sentence)
{
    public string Code { get; } = code;

    public string Sentence => Message;

    /// <summary>JSON pointer or field name of the offending input, when there is one.</summary>
    public string? Pointer { get; } = pointer;

    public static RuleBroken NotFound(string what, object id) =>
        new("not_found", $"There is no {what} {id} in this workspace.");
}
