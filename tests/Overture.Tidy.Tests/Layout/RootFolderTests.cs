namespace Overture.Tidy.Tests.Layout;

public sealed class RootFolderTests
{
    static readonly Dictionary<string, string> LargeReasons = new(StringComparer.Ordinal);

    [Fact]
    public void The_root_holds_only_what_belongs_there() =>
        Repository.Holds(RootFolder.Strangers(Repository.Paths()));

    [Fact]
    public void No_file_is_large()
    {
        var files = Repository.Paths()
            .Select(path => (path, new FileInfo(Path.Combine(Repository.Root, path)).Length));
        Repository.Holds(RootFolder.LargeFiles(files, LargeReasons));
    }

    [Fact]
    public void A_stranger_is_found() =>
        Assert.Equal(
            ["PLAN.md does not belong in the root"],
            RootFolder.Strangers(["README.md", "PLAN.md", "src/A.cs"]));

    [Fact]
    public void A_large_file_is_found() =>
        Assert.Single(RootFolder.LargeFiles([("a.bin", 400_001), ("b.bin", 400_000)], LargeReasons));
}
