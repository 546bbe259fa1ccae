using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class TodayPage(
    PageState state, PipelineReport pipeline, TodayReport today, JobQueue jobs, Mailboxes mailboxes,
    Campaigns campaigns) : LoadedPage(state)
{
    const int MostTasks = 5;
    const int JobsLookedAt = 20;

    sealed record FirstStep(string Title, string Why, string Icon, bool IsDone, string Href, string Action);

    PipelineCounts Counts { get; set; } = new();

    WaitingForHumans Waiting { get; set; } = new(0, 0, 0, 0);

    IReadOnlyList<HumanTask> Tasks { get; set; } = [];

    IReadOnlyList<Job> Jobs { get; set; } = [];

    List<FirstStep> Steps { get; set; } = [];

    FirstStep? NextStep => Steps.Find(step => !step.IsDone);

    Job? Running { get; set; }

    Workspace Workspace => State.Workspace;

    IReadOnlyList<Funnel.Part> Parts =>
    [
        new("Collected", Counts.Collected, "/leads"),
        new("Enriched", Counts.Enriched, "/leads?reached=enriched"),
        new("Ranked", Counts.Ranked, "/leads?reached=ranked"),
        new("Composed", Counts.Composed, "/messages"),
        new("Sent", Counts.Sent, "/messages?state=sent"),
        new("Captured", Counts.Captured, "/captured"),
        new("Failed", Counts.Failed, "/messages?state=failed"),
        new("Replied", Counts.Replied, "/messages?state=replied"),
    ];

    protected override async Task Load()
    {
        Counts = await pipeline.Counts(WorkspaceId, Cancel);
        Waiting = await today.Waiting(WorkspaceId, Cancel);
        Tasks = await today.OpenTasks(WorkspaceId, MostTasks, Cancel);
        Running = (await jobs.List(WorkspaceId, RunPipeline.Name, null, null, JobsLookedAt, Cancel))
            .FirstOrDefault(job => !job.IsFinished);
        Jobs = [.. (await jobs.List(WorkspaceId, null, null, null, JobsLookedAt, Cancel))
            .Where(job => !job.IsFinished)];
        Steps = FirstSteps(
            (await mailboxes.List(WorkspaceId, Cancel)).Count > 0, await campaigns.List(WorkspaceId, Cancel));
    }

    List<FirstStep> FirstSteps(bool hasMailbox, IReadOnlyList<Campaign> known) =>
    [
        new("Connect a mailbox", "The address your messages come from, with its limits and working hours.",
            "mailbox",
            hasMailbox, "/mailboxes/new", "Connect"),
        new("Bring in leads", "Import a list, type one in, or run the pipeline below with samples.", "users",
            Counts.Collected > 0, "/leads/import", "Import"),
        new("Write a campaign", "Whom to write to, in which words, and how long to wait between the steps.",
            "send",
            known.Count > 0, "/campaigns/new", "Write"),
        new("Start it in the dry run",
            "Every message is made in full and captured here, so that you can read it first.",
            "player-play", known.Any(campaign => campaign.StartedAt is not null), "/campaigns", "Start"),
        new("Go live", "When the captured messages read as they should, end the dry run.", "world",
            !Workspace.DryRun, "/captured", "Read captured mail"),
    ];
}
