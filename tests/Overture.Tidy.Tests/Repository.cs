using System.Text;

namespace Overture.Tidy.Tests;

/// <summary>The files that make up the repository, without what is built or fetched.</summary>
public static class Repository
{
    static readonly string[] NotOurs =
    [
        ".git", ".vs", ".idea", "artifacts", "node_modules", "TestResults",
        "src/Overture.Server/wwwroot/lib",
    ];

    static readonly string[] TextExtensions =
    [
        ".cs", ".razor", ".csproj", ".props", ".slnx", ".config", ".md", ".sql", ".json", ".yaml", ".yml",
        ".css", ".js", ".sh", ".txt", ".service", "run", "test", "Dockerfile",
    ];

    static readonly Lazy<IReadOnlyList<SourceFile>> Read = new(() => [.. ReadTexts()]);

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file.</summary>
    public static IReadOnlyList<SourceFile> Files => Read.Value;

    /// <summary>Every path from the root, with slashes.</summary>
    public static IEnumerable<string> Paths() => Below(Root);

    /// <summary>Fails with every violation on a line of its own.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{found.Count} found:\n" + string.Join('\n', found));
    }

    static IEnumerable<SourceFile> ReadTexts() => Paths()
        .Where(path => Array.Exists(TextExtensions, end => path.EndsWith(end, StringComparison.Ordinal)))
        .Where(path => !path.EndsWith("packages.lock.json", StringComparison.Ordinal))
        .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path), Encoding.UTF8)));

    static IEnumerable<string> Below(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Root, entry).Replace('\\', '/');
            if (Array.Exists(NotOurs, name => ("/" + path).EndsWith("/" + name, StringComparison.Ordinal)))
                continue;
            if (!Directory.Exists(entry)) yield return path;
            else foreach (var below in Below(entry)) yield return below;
        }
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Overture.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run from inside the repository.");
    }
}
