using Microsoft.AspNetCore.Components;
using Overture.Core.Jobs;

namespace Overture.Server.Web;

public sealed partial class JobPage(PageState state, JobQueue jobs) : LoadedPage(state)
{
    [Parameter]
    public long Id { get; set; }

    Job Job { get; set; } = null!;

    string Meaning => Job.State switch
    {
        JobState.Available => "Waits for a free worker.",
        JobState.Scheduled => "Begins at its time.",
        JobState.Running when Job.CancelRequestedAt is not null => "Stops at its next safe point.",
        JobState.Running => "Runs. You may close this page; it goes on.",
        JobState.Retryable => "Something temporary was in the way. It is tried again by itself.",
        JobState.Completed => "Done.",
        JobState.Cancelled => "Cancelled. What was done so far is kept.",
        _ => "Given up. What was done so far is kept; correct the cause, then let it go on.",
    };

    protected override async Task Load() => Job = await jobs.Get(WorkspaceId, Id, Cancel);

    /// <summary>How long a job ran; nothing before it has both started and finished.</summary>
    internal static string Took(Job job)
    {
        if (job.StartedAt is not { } started || job.FinishedAt is not { } finished) return "–";
        var span = finished - started;
        return span.TotalSeconds < 60 ? $"{span.TotalSeconds:0.0} s"
            : span.TotalHours < 1 ? $"{span.Minutes} min {span.Seconds} s"
            : $"{(int)span.TotalHours} h {span.Minutes} min";
    }
}
