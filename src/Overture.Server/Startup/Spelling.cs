using System.Text.Json;

namespace Overture.Server.Startup;

/// <summary>
/// How names and words of the code are written outside: in snake_case, with LinkedIn as the one word that the
/// files, the database and everybody else take it for.
/// </summary>
sealed class Spelling : JsonNamingPolicy
{
    public static readonly Spelling Outside = new();

    public static string? Of(Enum? word) => word is null ? null : Outside.ConvertName(word.ToString());

    public override string ConvertName(string name) =>
        SnakeCaseLower.ConvertName(name.Replace("LinkedIn", "Linkedin", StringComparison.Ordinal));
}
