using System.Text.RegularExpressions;

namespace Overture.Tidy.Tests.Docs;

/// <summary>
/// A page in docs/states shows one state machine. It names its enum and its column in code marks, as in
/// <c>`LeadState`</c> and <c>`leads.state`</c>, and draws a mermaid stateDiagram. Diagram, enum and CHECK
/// must name the same states.
/// </summary>
public static partial class StateMachines
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Disagreements(IReadOnlyCollection<SourceFile> files) =>
        files.Where(file => file.Is(".md") && file.IsIn("docs/states"))
            .SelectMany(page => Compare(page, files));

    /// <summary>The exceptions name an enum and why it has no diagram.</summary>
    public static IEnumerable<string> WithoutPage(
        IReadOnlyCollection<SourceFile> files, IReadOnlyDictionary<string, string> exceptions)
    {
        var pages = string.Join(
            '\n', files.Where(file => file.IsIn("docs/states")).Select(file => file.Text));
        return from file in files
            where file.Is(".cs") && file.IsIn("src/Overture.Core")
            from type in CSharpDeclarations.In(file)
            where type.IsType && type.Name.EndsWith("State", StringComparison.Ordinal)
                && EnumStates(files, type.Name) is not null && !exceptions.ContainsKey(type.Name)
                && !pages.Contains($"`{type.Name}`", StringComparison.Ordinal)
            select $"{file.Path}: {type.Name} has no page in docs/states";
    }

    static IEnumerable<string> Compare(SourceFile page, IReadOnlyCollection<SourceFile> files)
    {
        var enumName = EnumMark().Match(page.Text).Groups["name"].Value;
        var column = ColumnMark().Match(page.Text);
        var drawn = DiagramStates(page.Text);
        if (enumName.Length == 0) yield return $"{page.Path}: names no enum, as in `LeadState`";
        if (!column.Success) yield return $"{page.Path}: names no column, as in `leads.state`";
        if (drawn.Count == 0) yield return $"{page.Path}: draws no stateDiagram";
        if (enumName.Length == 0 || !column.Success || drawn.Count == 0) yield break;
        var table = column.Groups["table"].Value;
        var name = column.Groups["column"].Value;
        var found = Differences(page, drawn, EnumStates(files, enumName), $"enum {enumName}")
            .Concat(Differences(page, drawn, CheckStates(files, table, name), $"CHECK of {table}.{name}"));
        foreach (var difference in found) yield return difference;
    }

    static IEnumerable<string> Differences(
        SourceFile page, HashSet<string> drawn, HashSet<string>? other, string what)
    {
        if (other is null) return [$"{page.Path}: the {what} was not found"];
        return drawn.Except(other).Select(state => $"{page.Path}: {state} is drawn, but not in the {what}")
            .Concat(other.Except(drawn)
                .Select(state => $"{page.Path}: {state} is in the {what}, but not drawn"));
    }

    static HashSet<string> DiagramStates(string text)
    {
        var diagram = Diagram().Match(text).Groups["body"].Value;
        return [.. Arrow().Matches(diagram)
            .SelectMany(match => new[] { match.Groups["from"].Value, match.Groups["to"].Value })
            .Where(name => name != "[*]").Select(Plain)];
    }

    static HashSet<string>? EnumStates(IEnumerable<SourceFile> files, string name)
    {
        foreach (var file in files.Where(file => file.Is(".cs") && file.IsIn("src")))
        {
            if (!file.Text.Contains("enum " + name, StringComparison.Ordinal)) continue;
            var code = new CSharpText(file.Text).Code;
            var match = Regex.Match(
                code, $@"\benum\s+{name}\b[^{{]*\{{(?<body>[^}}]*)\}}", RegexOptions.None, Patience);
            if (!match.Success) continue;
            return [.. match.Groups["body"].Value.Split(',').Select(part => part.Split('=')[0].Trim())
                .Where(part => part.Length > 0).Select(part => Plain(part.Split(']')[^1].Trim()))];
        }

        return null;
    }

    // The last CHECK that the migrations give the column is the one that counts.
    static HashSet<string>? CheckStates(IEnumerable<SourceFile> files, string table, string column)
    {
        var sql = string.Join('\n', files
            .Where(file => file.Is(".sql") && file.IsIn("src"))
            .OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.Text));
        // A semicolon in a comment ends no statement.
        var statements = Comment().Replace(sql, "").Split(';').Where(statement => Regex.IsMatch(
            statement,
            $@"\b(create|alter)\s+table\s+(only\s+|if\s+(not\s+)?exists\s+)?{table}\b",
            RegexOptions.None,
            Patience));
        var check = statements.SelectMany(statement => Regex.Matches(
            statement,
            $@"\bcheck\s*\(\s*{column}\s+in\s*\((?<list>[^)]*)\)",
            RegexOptions.None,
            Patience)).LastOrDefault();
        return check is null ? null : [.. Quoted().Matches(check.Groups["list"].Value)
            .Select(match => Plain(match.Groups["word"].Value))];
    }

    // InDoubt, in_doubt and indoubt are one state.
    static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*State)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EnumMark();

    [GeneratedRegex(@"`(?<table>[a-z_]+)\.(?<column>[a-z_]*state)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnMark();

    [GeneratedRegex(@"stateDiagram(-v2)?(?<body>[\s\S]*?)```", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Diagram();

    [GeneratedRegex(@"(?<from>\[\*\]|\w+)\s*-->\s*(?<to>\[\*\]|\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Arrow();

    [GeneratedRegex("--.*", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex("'(?<word>[^']*)'", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
