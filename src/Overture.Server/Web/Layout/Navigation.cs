using Microsoft.AspNetCore.Components.Endpoints;

namespace Overture.Server.Web;

/// <summary>One entry of the side navigation.</summary>
public sealed record NavigationEntry(string Path, string Label, string Icon);

/// <summary>Entries that belong together; the first group needs no heading.</summary>
public sealed record NavigationGroup(string? Heading, IReadOnlyList<NavigationEntry> Entries);

/// <summary>The entries in their order. One is shown only when its page exists in this build.</summary>
public sealed class Navigation(EndpointDataSource endpoints)
{
    public static IReadOnlyList<NavigationGroup> All { get; } =
    [
        new(null,
        [
            new("/", "Today", "home"),
            new("/inbox", "Inbox", "inbox"),
            new("/tasks", "Tasks", "checkbox"),
            new("/approvals", "Approvals", "rubber-stamp"),
        ]),
        new("People",
        [
            new("/leads", "Leads", "users"),
            new("/companies", "Companies", "building"),
            new("/lists", "Lists", "list-details"),
            new("/duplicates", "Duplicates", "arrow-merge"),
            new("/discover", "Discover", "compass"),
            new("/collect", "Collect", "world"),
            new("/leads/import", "Import", "file-import"),
            new("/ranking", "Ranking", "target"),
        ]),
        new("Outreach",
        [
            new("/campaigns", "Campaigns", "send"),
            new("/messages", "Messages", "message"),
            new("/captured", "Captured mail", "archive"),
            new("/mailboxes", "Mailboxes", "mailbox"),
            new("/holidays", "Holidays", "calendar"),
            new("/deliverability", "Deliverability", "shield-check"),
            new("/suppressions", "Suppressions", "ban"),
        ]),
        new("Workspace",
        [
            new("/jobs", "Jobs", "activity"),
            new("/settings/integrations", "Integrations", "plug-connected"),
            new("/settings", "Settings", "settings"),
        ]),
    ];

    readonly Lazy<IReadOnlyList<NavigationGroup>> shown = new(() => Shown(endpoints));

    public IReadOnlyList<NavigationGroup> Groups => shown.Value;

    /// <summary>The entry a path belongs to: the longest one it lies under.</summary>
    public NavigationEntry? Current(string path) => Groups.SelectMany(group => group.Entries)
        .Where(entry => path == entry.Path || (entry.Path != "/"
            && path.StartsWith(entry.Path + "/", StringComparison.Ordinal)))
        .MaxBy(entry => entry.Path.Length);

    static List<NavigationGroup> Shown(EndpointDataSource endpoints)
    {
        var mapped = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.Trim('/')).ToHashSet();
        return [.. All
            .Select(group => group with
            {
                Entries = [.. group.Entries.Where(entry => mapped.Contains(entry.Path))],
            })
            .Where(group => group.Entries.Count > 0)];
    }
}
