using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class DiscoverPage(PageState state, Discoveries discoveries, Integrations integrations)
    : LoadedPage(state)
{
    IReadOnlyList<Discovery> Rows { get; set; } = [];

    bool HasSource { get; set; }

    protected override async Task Load()
    {
        Rows = await discoveries.List(WorkspaceId, Cancel);
        var connected = await integrations.List(WorkspaceId, Cancel);
        HasSource = connected.Any(one => one.IsEnabled && Discoveries.Sources.Contains(one.Provider));
    }
}
