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

    static string Consequence(LeadList list) => list.MemberCount switch
    {
        0 => "The list is empty: nothing else goes with it.",
        1 => "Only the list goes. The lead on it stays, with all that was written to it.",
        _ => $"Only the list goes. The {list.MemberCount:N0} leads on it stay, with all that was written.",
    };
}
