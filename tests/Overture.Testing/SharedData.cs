namespace Overture.Testing;

/// <summary>Finds the real test data that is kept outside the repository.</summary>
public static class SharedData
{
    /// <summary>
    /// The folder that holds the outside data: OVERTURE_TEST_DATA, or ../shared/data beside the repository;
    /// null when it is absent.
    /// </summary>
    public static string? Root { get; } = Find();

    /// <summary>The path below the data folder; null when the folder or the path is absent.</summary>
    public static string? PathOf(string relative)
    {
        if (Root is null) return null;
        var path = Path.Combine(Root, relative);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("OVERTURE_TEST_DATA") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(
            AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Overture.slnx"))) continue;
            var data = Path.Combine(folder.FullName, "..", "shared", "data");
            return Directory.Exists(data) ? Path.GetFullPath(data) : null;
        }

        return null;
    }
}
