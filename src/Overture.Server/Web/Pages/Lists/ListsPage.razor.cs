using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class ListsPage(PageState state, LeadLists lists) : LoadedPage(state)
{
    IReadOnlyList<LeadList> Lists { get; set; } = [];

    IReadOnlyList<SavedView> Views { get; set; } = [];

    protected override async Task Load()
    {
        Lists = await lists.All(WorkspaceId, Cancel);
        Views = await lists.Views(WorkspaceId, Cancel);
    }
}
