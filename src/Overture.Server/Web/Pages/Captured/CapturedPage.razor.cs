using System.Globalization;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CapturedPage(PageState state, MessageReport messages, PipelineReport pipeline)
    : LoadedPage(state)
{
    const int PageSize = 50;

    IReadOnlyList<CapturedRow> Rows { get; set; } = [];

    long Total { get; set; }

    string? NextCursor { get; set; }

    protected override async Task Load()
    {
        var rows = await messages.Captured(
            WorkspaceId, PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        Total = (await pipeline.Counts(WorkspaceId, Cancel)).Captured;
    }
}
