using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class MessagesPage(PageState state, MessageReport messages, Campaigns campaigns)
    : LoadedPage(state)
{
    const int PageSize = 50;

    static readonly (string Value, string Text)[] States =
    [
        .. Enum.GetNames<MessageState>().Select(name => (name.ToLowerInvariant(), name)),
        ("replied", "Replied"), ("bounced", "Bounced"), ("uncertain", "Uncertain"),
        ("unsubscribed", "Unsubscribed"),
    ];

    (string Value, string Text)[] Known { get; set; } = [];

    IReadOnlyList<MessageRow> Rows { get; set; } = [];

    string? NextCursor { get; set; }

    bool IsFiltered => Query("state") is not null || Query("campaign") is not null;

    protected override async Task Load()
    {
        Known = [.. (await campaigns.List(WorkspaceId, Cancel)).Select(
            campaign => (campaign.Id.ToString(CultureInfo.InvariantCulture), campaign.Name))];
        long? campaign = long.TryParse(
            Query("campaign"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var rows = await messages.List(
            WorkspaceId, campaign, null, Query("state"), PageAddress.BeforeId(State.Http.Request),
            PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
    }
}
