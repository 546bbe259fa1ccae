namespace Overture.Server.Tests.Reference;

/// <summary>
/// A file of docs/reference: compared with what the product says of itself now, or rewritten.
/// </summary>
static class ReferenceFile
{
    /// <summary>Set to 1 by scripts/reference: the files are written instead of compared.</summary>
    const string WriteSwitch = "OVERTURE_WRITE_REFERENCE";

    /// <summary>The folder that holds Overture.slnx, with no slash at the end.</summary>
    public static string Root { get; } = FindRoot();

    public static void IsCurrent(string name, string content)
    {
        var path = Path.Combine(Root, "docs", "reference", name);
        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        var written = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            content == written,
            $"docs/reference/{name} is stale: {FirstDifference(written, content)} "
            + "Run scripts/reference and commit the result.");
    }

    static string FirstDifference(string written, string current)
    {
        var (old, now) = (written.Split('\n'), current.Split('\n'));
        var line = 0;
        while (line < old.Length && line < now.Length && old[line] == now[line]) line++;
        return $"line {line + 1} is “{old.ElementAtOrDefault(line)}”, now “{now.ElementAtOrDefault(line)}”.";
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Overture.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("Overture.slnx is not above.");
        return folder.FullName;
    }
}
