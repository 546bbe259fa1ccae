namespace Overture.Tidy.Tests;

/// <summary>One file of the repository: its path from the root, with slashes, and its text.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public IReadOnlyList<string> Lines { get; } = Text.Split('\n');

    public string Name => System.IO.Path.GetFileName(Path);

    public bool Is(string extension) => Path.EndsWith(extension, StringComparison.Ordinal);

    public bool IsIn(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Where a character stands, counted from one.</summary>
    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;
}
