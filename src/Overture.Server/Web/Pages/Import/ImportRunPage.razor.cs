using Microsoft.AspNetCore.Components;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportRunPage(
    PageState state, Imports imports, JobQueue jobs, NavigationManager navigation)
        : ImportPage(state, imports)
{
    [Parameter]
    public long Id { get; set; }

    Import Import { get; set; } = null!;

    Job Job { get; set; } = null!;

    ImportReport? Report { get; set; }

    string Heading => Job.State switch
    {
        JobState.Completed => $"{Report?.Imported ?? 0:N0} of {Report?.Rows ?? 0:N0} rows imported",
        JobState.Cancelled => "Cancelled",
        JobState.Discarded => "Given up",
        _ => "Importing",
    };

    string Meaning => Job.State switch
    {
        JobState.Completed => "The report stays here.",
        JobState.Cancelled or JobState.Discarded => "What was taken in so far is kept.",
        JobState.Running when Job.CancelRequestedAt is not null => "Stops at its next safe point.",
        JobState.Running => "You may close this page; the work goes on.",
        JobState.Retryable => "Something temporary was in the way. It is tried again by itself.",
        _ => "Waits for a free worker. You may close this page.",
    };

    protected override async Task Load()
    {
        // The job first: a report read after it is never older than the state shown beside it.
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
        if (Import.JobId is not { } jobId)
        {
            navigation.NavigateTo(Address(Id, "/check"));
            return;
        }

        Job = await jobs.Get(WorkspaceId, jobId, Cancel);
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
        Report = ReportOf(Import);
    }
}
