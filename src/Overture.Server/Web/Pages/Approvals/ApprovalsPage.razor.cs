using System.Globalization;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class ApprovalsPage(PageState state, ApprovalReport report) : LoadedPage(state)
{
    const int PageSize = 10;

    IReadOnlyList<ApprovalGroup> Groups { get; set; } = [];

    IReadOnlyList<ApprovalRow> Rows { get; set; } = [];

    IReadOnlyList<ApprovalRow> Approved { get; set; } = [];

    string? NextCursor { get; set; }

    string Here => State.PathAndQuery;

    /// <summary>What must be read before all are approved.</summary>
    IReadOnlyList<ApprovalRow> Sample =>
        [.. Rows.Take(Overture.Core.Model.Approvals.SampleSize)];

    ApprovalGroup? Chosen { get; set; }

    protected override async Task Load()
    {
        Groups = await report.Groups(WorkspaceId, Cancel);
        Approved = await report.Approved(WorkspaceId, Cancel);
        Chosen = Number("step") is { } step ? Groups.FirstOrDefault(group => group.StepId == step) : null;
        var rows = await report.Waiting(
            WorkspaceId, Number("campaign"), Number("step"), PageAddress.BeforeId(State.Http.Request),
            PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
    }

    long? Number(string name) =>
        long.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
