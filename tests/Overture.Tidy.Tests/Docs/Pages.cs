using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Docs;

/// <summary>Every page begins with its title; every decision is numbered and dated.</summary>
public static partial class Pages
{
    const int HeadLines = 10;

    public static IEnumerable<string> WithoutTitle(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".md")
        let first = file.Lines.Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? ""
        where !first.StartsWith("# ", StringComparison.Ordinal)
        select $"{file.Path}: begins without a title (\"# ...\")";

    public static IEnumerable<string> UndatedDecisions(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".md") && file.IsIn("docs/decisions")
        let named = FileName().IsMatch(file.Name)
        let dated = file.Lines.Take(HeadLines).Any(Date().IsMatch)
        where !named || !dated
        select $"{file.Path}: {(named ? "has no date in its head" : "is not named like 0001-words.md")}";

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$", RegexOptions.NonBacktracking)]
    private static partial Regex FileName();

    [GeneratedRegex(@"\b20\d\d-[01]\d-[0-3]\d\b", RegexOptions.NonBacktracking)]
    private static partial Regex Date();
}
