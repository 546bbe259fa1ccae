using System.CommandLine;
using System.CommandLine.Parsing;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>
/// Symbols that take one of a few words. They are written as everywhere else, in snake_case, and read in any
/// case, with underscores, hyphens or neither; another word is refused with those there are.
/// </summary>
static class Word
{
    public static Option<T> Option<T>(string name, string description, T chosen)
        where T : struct, Enum =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => chosen,
            CustomParser = result => Parse<T>(result) ?? default,
        };

    public static Option<T?> Maybe<T>(string name, string description)
        where T : struct, Enum =>
        new(name) { Description = description, CustomParser = Parse<T> };

    public static Argument<T> Argument<T>(string name, string description)
        where T : struct, Enum =>
        new(name) { Description = description, CustomParser = result => Parse<T>(result) ?? default };

    /// <summary>All words of a kind, for descriptions: “new, enriched, ranked”.</summary>
    public static string All<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetNames<T>().Select(Spelling.Outside.ConvertName));

    static T? Parse<T>(ArgumentResult result)
        where T : struct, Enum
    {
        var typed = result.Tokens[0].Value;
        var plain = typed.Replace("_", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal);
        foreach (var word in Enum.GetValues<T>())
            if (plain.Equals(word.ToString(), StringComparison.OrdinalIgnoreCase))
                return word;
        result.AddError($"“{typed}” is none of: {All<T>()}.");
        return null;
    }
}
