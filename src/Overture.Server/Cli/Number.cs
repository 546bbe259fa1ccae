using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Overture.Server.Cli;

/// <summary>
/// Options that take a whole number between two bounds; another one is refused before anything is done.
/// </summary>
static class Number
{
    public static Option<int> Option(string name, string description, int usual, int least, int most) =>
        new(name)
        {
            Description = Described(description, least, most),
            DefaultValueFactory = _ => usual,
            CustomParser = result => Parse(result, name, least, most) ?? usual,
        };

    public static Option<int?> Maybe(string name, string description, int least, int most) =>
        new(name)
        {
            Description = Described(description, least, most),
            CustomParser = result => Parse(result, name, least, most),
        };

    static string Described(string description, int least, int most) =>
        $"{description} {Range(least, most)}.";

    static int? Parse(ArgumentResult result, string name, int least, int most)
    {
        var typed = result.Tokens[0].Value;
        if (int.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        result.AddError($"“{typed}” is not a whole number, {Range(least, most)} ({name}).");
        return null;
    }

    static string Range(int least, int most) =>
        string.Create(CultureInfo.InvariantCulture, $"{least:N0} to {most:N0}");
}
