using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Style;

/// <summary>Markers of work that somebody meant to finish.</summary>
public static partial class Leftovers
{
    // Put together, so that this file is not found by its own rule.
    static readonly HashSet<string> Marks =
        new(StringComparer.Ordinal) { "TO" + "DO", "FIX" + "ME", "HA" + "CK" };

    public static IEnumerable<string> In(IEnumerable<SourceFile> files) =>
        from file in files
        where !file.Is(".txt")
        from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
        from Match match in CapitalWord().Matches(line.Text)
        where Marks.Contains(match.Value)
        select $"{file.Path}:{line.Number}: {match.Value} is left over; do it or drop it";

    [GeneratedRegex(@"\b[A-Z]{4,5}\b", RegexOptions.None, 1000)]
    private static partial Regex CapitalWord();
}
