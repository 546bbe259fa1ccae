using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Layout;

/// <summary>SQL stands in stores, reports, the job engine and the data room, and nowhere else.</summary>
public static partial class SqlPlaces
{
    public static IEnumerable<string> Elsewhere(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".cs") && file.IsIn("src") && !MayHoldSql(file)
        from literal in new CSharpText(file.Text).Strings
        where Statement().IsMatch(literal.Content)
        select $"{file.Path}:{file.LineOf(literal.Position)}: SQL belongs in a *Store.cs or *Report.cs";

    static bool MayHoldSql(SourceFile file) =>
        file.Name.EndsWith("Store.cs", StringComparison.Ordinal)
        || file.Name.EndsWith("Report.cs", StringComparison.Ordinal)
        || file.IsIn("src/Overture.Core/Jobs")
        || file.IsIn("src/Overture.Core/Data");

    // Statements are written in small letters (or all capitals); a sentence begins with one capital.
    [GeneratedRegex(
        @"^\s*(select\s[\s\S]*\bfrom\s|select\s+[\w@.]+\s*[(,]|select\s+\d|insert\s+into\s"
        + @"|update\s+\w+\s+(\w+\s+)?set\s|delete\s+from\s|with\s+(recursive\s+)?\w+(\s*\([^)]*\))?\s+as\s"
        + @"|SELECT\s|INSERT\s+INTO\s|DELETE\s+FROM\s|notify\s+\w+|listen\s+\w+$"
        + @"|(create|alter|drop|truncate)\s+(table|index|view|function|role|database)\s)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Statement();
}
