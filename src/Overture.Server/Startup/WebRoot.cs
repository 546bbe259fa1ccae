namespace Overture.Server.Startup;

/// <summary>
/// The folder of scripts and styles: beside the program when published, in the source tree when it runs from
/// a build.
/// </summary>
static class WebRoot
{
    const string Folder = "wwwroot";

    public static string Find()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, Folder);
        if (Directory.Exists(beside)) return beside;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var source = Path.Combine(at.FullName, "src", "Overture.Server", Folder);
            if (Directory.Exists(source)) return source;
        }

        return beside;
    }
}
