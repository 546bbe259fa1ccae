using System.Globalization;
using System.Text.Json;
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

    /// <summary>The job that takes this import back, when the address names it.</summary>
    Job? UndoJob { get; set; }

    bool IsDone => Job.IsFinished && UndoJob is null or { IsFinished: true };

    bool MayGoOn => Import.State != ImportState.Undone
        && Job.State is JobState.Cancelled or JobState.Discarded or JobState.Retryable;

    DateTime UndoneUntil => Import.CreatedAt + ForgetImports.KeptFor;

    string UndoHeading => Import.State == ImportState.Undone ? "Undone"
        : UndoJob!.IsFinished ? "The undo stopped" : "Being undone";

    string UndoMeaning => UndoJob switch
    {
        _ when Import.UndoReport is { } report =>
            Told(JsonSerializer.Deserialize<UndoImport.Summary>(report, JobJson.Options)!),
        null => $"Everything it added was taken back on {Import.UndoneAt:d MMM yyyy}, except what was used.",
        { IsFinished: true } => "What was taken back so far stays so; start the undo again to go on.",
        _ => UndoJob.ProgressNote ?? "Waits for a free worker. You may close this page.",
    };

    string Heading => Job.State switch
    {
        JobState.Completed => $"{Report?.Imported ?? 0:N0} of {Report?.Rows ?? 0:N0} rows imported",
        JobState.Cancelled => "Cancelled",
        JobState.Discarded => "Given up",
        _ => "Importing",
    };

    string Meaning => Job.State switch
    {
        JobState.Completed when Import.State == ImportState.Undone => "As it was before it was undone.",
        JobState.Completed when Import.CanUndo =>
            $"The report stays here. The import can be undone until {UndoneUntil:d MMM yyyy}.",
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
        if (long.TryParse(
            State.Http.Request.Query["undo"], NumberStyles.None, CultureInfo.InvariantCulture, out var undo))
            await FindUndo(undo);
    }

    async Task FindUndo(long jobId)
    {
        var job = await jobs.Get(WorkspaceId, jobId, Cancel);
        if (job.Kind != UndoImport.Name || job.ParametersAs<UndoImport.Args>().ImportId != Id) return;
        UndoJob = job;
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
    }

    static string Told(UndoImport.Summary done) =>
        $"{Words.Many(done.LeadsRemoved, "lead")}, "
        + $"{Words.Many(done.ContactsRemoved, "person", "people")} and "
        + $"{Words.Many(done.CompaniesRemoved, "company", "companies")} deleted"
        + (done.ContactsRestored + done.CompaniesRestored > 0
            ? $"; {Words.Many(done.ContactsRestored, "person", "people")} and "
                + $"{Words.Many(done.CompaniesRestored, "company", "companies")} hold again what they held "
                + "before"
            : "")
        + (done.ContactsHeld > 0
            ? $"; {Words.Many(done.ContactsHeld, "person", "people")} kept, because a later list named them "
                + $"too: {ImportUndoPage.Lists(done.HeldBy)}"
            : "")
        + (done.ContactsKept > 0
            ? $"; {Words.Many(done.ContactsKept, "person", "people")} kept, because something was begun with "
                + "them."
            : ".");
}
