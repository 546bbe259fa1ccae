namespace Overture.Tidy.Tests.Style;

/// <summary>How long a line, a function and a file may be.</summary>
public static class Lengths
{
    public const int MaximumColumns = 110;
    public const int MaximumFunctionLines = 70;
    public const int MaximumFileLines = 400;
    public const int MaximumPageLines = 200;

    public static IEnumerable<string> LongLines(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".cs")
        from line in file.Lines.Select((text, index) => (Text: text.TrimEnd('\r'), Number: index + 1))
        where line.Text.Length > MaximumColumns
        select $"{file.Path}:{line.Number}: {line.Text.Length} columns, at most {MaximumColumns}";

    /// <summary>The exceptions name a path and why it may be longer.</summary>
    public static IEnumerable<string> LongFiles(
        IEnumerable<SourceFile> files, IReadOnlyDictionary<string, string> exceptions) =>
        from file in files
        let limit = file.Is(".cs") ? MaximumFileLines : file.Is(".razor") ? MaximumPageLines : int.MaxValue
        let count = LineCount(file)
        where count > limit && !exceptions.ContainsKey(file.Path)
        select $"{file.Path}: {count} lines, at most {limit}; split it";

    public static IEnumerable<string> LongFunctions(IEnumerable<SourceFile> files) =>
        from file in files
        where file.Is(".cs")
        from member in CSharpDeclarations.In(file)
        where !member.IsType && member.LineCount > MaximumFunctionLines
        select $"{file.Path}:{member.FirstLine}: {member.Name} has {member.LineCount} lines, "
            + $"at most {MaximumFunctionLines}";

    public static int LineCount(SourceFile file) => file.Lines.Count - (file.Lines[^1].Length == 0 ? 1 : 0);
}
