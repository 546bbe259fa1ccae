using Microsoft.AspNetCore.Components.Endpoints;

namespace Overture.Server.Web;

/// <summary>One entry of the side navigation.</summary>
public sealed record NavigationEntry(string Path, string Label, string Icon);

/// <summary>The entries in their order. One is shown only when its page exists in this build.</summary>
public sealed class Navigation(EndpointDataSource endpoints)
{
    public static IReadOnlyList<NavigationEntry> All { get; } =
    [
        new("/", "Today", "home"),
        new("/leads", "Leads", "users"),
        new("/companies", "Companies", "building"),
        new("/collect", "Collect", "world"),
        new("/discover", "Discover", "search"),
        new("/leads/import", "Import", "file-import"),
        new("/campaigns", "Campaigns", "send"),
        new("/messages", "Messages", "message"),
        new("/captured", "Captured mail", "inbox"),
        new("/jobs", "Jobs", "activity"),
        new("/mailboxes", "Mailboxes", "mailbox"),
        new("/suppressions", "Suppressions", "ban"),
        new("/ranking", "Ranking", "target"),
        new("/settings/integrations", "Integrations", "link"),
        new("/settings", "Settings", "settings"),
    ];

    readonly Lazy<IReadOnlyList<NavigationEntry>> shown = new(() => Shown(endpoints));

    public IReadOnlyList<NavigationEntry> Entries => shown.Value;

    /// <summary>The entry a path belongs to: the longest one it lies under.</summary>
    public NavigationEntry? Current(string path) => Entries
        .Where(entry => path == entry.Path || (entry.Path != "/"
            && path.StartsWith(entry.Path + "/", StringComparison.Ordinal)))
        .MaxBy(entry => entry.Path.Length);

    static List<NavigationEntry> Shown(EndpointDataSource endpoints)
    {
        var mapped = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.Trim('/')).ToHashSet();
        return [.. All.Where(entry => mapped.Contains(entry.Path))];
    }
}
