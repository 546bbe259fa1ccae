namespace Overture.Tidy.Tests.Layout;

/// <summary>What the root may hold, and how large a file may be.</summary>
public static class RootFolder
{
    public const long MaximumBytes = 400_000;

    static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "README.md", "ARCHITECTURE.md", "STYLE.md", "GLOSSARY.md", "CONTRIBUTING.md", "SECURITY.md",
        "CHANGELOG.md", "LICENSE", "Overture.slnx", "global.json", "nuget.config",
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        ".editorconfig", ".gitattributes", ".gitignore", ".dockerignore", "BannedSymbols.txt",
        "compose.yaml", "Dockerfile",
        "deploy", "run", "test", ".ci", "scripts", "docs", "src", "tests", "bench",
    };

    public static IEnumerable<string> Strangers(IEnumerable<string> paths) =>
        paths.Select(path => path.Split('/')[0]).Distinct(StringComparer.Ordinal)
            .Where(name => !Allowed.Contains(name))
            .Select(name => $"{name} does not belong in the root");

    /// <summary>The exceptions name a path and why it is large.</summary>
    public static IEnumerable<string> LargeFiles(
        IEnumerable<(string Path, long Bytes)> files, IReadOnlyDictionary<string, string> exceptions) =>
        from file in files
        where file.Bytes > MaximumBytes && !exceptions.ContainsKey(file.Path)
        select $"{file.Path}: {file.Bytes / 1000} kB, at most {MaximumBytes / 1000}";
}
