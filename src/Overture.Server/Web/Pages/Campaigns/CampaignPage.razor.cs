using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CampaignPage(
    PageState state, Campaigns campaigns, CampaignReport report, SequenceReport sequences,
    EnrollmentReport enrollments, ApprovalReport approvals, MessageReport messages, WhyNot whyNot,
    Leads leads, Trackings trackings)
    : LoadedPage(state)
{
    const int MessagesShown = 10;
    const int EventsShown = 15;
    const int PeopleShown = 25;

    [Parameter]
    public long Id { get; set; }

    CampaignDetail Detail { get; set; } = null!;

    Campaign Campaign => Detail.Campaign;

    CampaignCounters Counters { get; set; } = new();

    IReadOnlyList<Obstacle> Obstacles { get; set; } = [];

    IReadOnlyList<StepResult> Steps { get; set; } = [];

    IReadOnlyList<VariantResult> Texts { get; set; } = [];

    IReadOnlyList<StepComparison> Comparisons { get; set; } = [];

    IReadOnlyList<EnrollmentCount> Board { get; set; } = [];

    IReadOnlyList<EnrollmentRow> People { get; set; } = [];

    IReadOnlyList<CampaignEvent> Feed { get; set; } = [];

    IReadOnlyList<MessageRow> Messages { get; set; } = [];

    CampaignTracking Tracking { get; set; } = null!;

    long AudienceSize { get; set; }

    long Waiting { get; set; }

    long Remaining => Counters.Enrolled - Counters.Finished;

    string BoardState => Query("board") ?? "active";

    string Since => (Campaign.State, Campaign.StartedAt) switch
    {
        (CampaignState.Draft, _) => $"{Words.Many(AudienceSize, "lead")} in its audience so far",
        (CampaignState.Paused, _) => $"Paused {Campaign.PausedReason}".TrimEnd(),
        (CampaignState.Ended, _) => $"Ended {Campaign.EndedAt:d MMM yyyy}",
        (_, { } at) => $"Since {at:d MMM yyyy} · {Words.Many(AudienceSize, "lead")} in its audience",
        _ => "",
    };

    string Consequence =>
        $"{Words.Many(AudienceSize, "lead")} of the audience may be written to, within the mailbox's limits"
        + (State.Workspace.DryRun ? ", into captured mail: the dry run is on."
            : ". The messages reach real people.")
        + " Whoever was sent a step before is not sent it again.";

    IReadOnlyList<Funnel.Part> Parts =>
    [
        new("Enrolled", Counters.Enrolled, $"/leads?campaign={Id}"),
        new("Composed", Counters.Composed, $"/messages?campaign={Id}"),
        new("Captured", Counters.Captured, $"/messages?campaign={Id}&state=sent"),
        new("Sent", Counters.Sent, $"/messages?campaign={Id}&state=sent"),
        new("Delivered", Counters.Delivered, $"/messages?campaign={Id}&state=sent"),
        .. Measured(Tracking.Opens, "Opened", Counters.Opened),
        .. Measured(Tracking.Clicks, "Clicked", Counters.Clicked),
        new("Replied", Counters.Replied, $"/messages?campaign={Id}&state=replied"),
        new("Positive", Counters.Positive, $"/messages?campaign={Id}&state=replied"),
        new("Bounced", Counters.Bounced, $"/messages?campaign={Id}&state=bounced"),
        new("Unsubscribed", Counters.Unsubscribed, $"/messages?campaign={Id}&state=unsubscribed"),
        new("Failed", Counters.Failed, $"/messages?campaign={Id}&state=failed"),
    ];

    // A nought would say that nobody opened what nobody was asked about.
    IEnumerable<Funnel.Part> Measured(bool isOn, string name, long count) => isOn || count > 0
        ? [new(name, count, $"/messages?campaign={Id}&state={name.ToLowerInvariant()}")] : [];

    protected override async Task Load()
    {
        Detail = await campaigns.Get(WorkspaceId, Id, Cancel);
        Counters = await report.Of(WorkspaceId, Id, Cancel);
        Obstacles = await whyNot.Of(WorkspaceId, Id, Cancel);
        Steps = await sequences.Steps(WorkspaceId, Id, Cancel);
        Texts = await sequences.Variants(WorkspaceId, Id, Cancel);
        Comparisons = await sequences.Comparisons(WorkspaceId, Id, Cancel);
        Feed = await sequences.Feed(WorkspaceId, Id, EventsShown, Cancel);
        Tracking = await trackings.Get(WorkspaceId, Id, Cancel);
        Board = await enrollments.Board(WorkspaceId, Id, Cancel);
        People = await enrollments.List(WorkspaceId, Id, null, BoardState, null, PeopleShown, Cancel);
        Messages = await messages.List(WorkspaceId, Id, null, null, null, MessagesShown, Cancel);
        Waiting = (await approvals.Groups(WorkspaceId, Cancel))
            .Where(group => group.CampaignId == Id).Sum(group => group.Count);
        AudienceSize = (await leads.List(WorkspaceId, Detail.Audience, null, 1, Cancel)).Total;
    }

    (string Href, string Label)? FixFor(string code) => code switch
    {
        "no_mailbox" => ($"/campaigns/{Id}/edit", "Choose a mailbox"),
        "no_audience" or "nobody_left" => ($"/campaigns/{Id}/edit", "Change the audience"),
        "cannot_be_written" => ($"/campaigns/{Id}/edit", "Edit the text"),
        "mailbox_broken" or "mailbox_paused" or "mailbox_without_server" or "mailbox_exhausted"
            or "mailbox_untested" or "outside_working_hours" or "weekly_limit" or "daily_limit"
            or "ramp_limit" or "first_touch_limit" or "domain_limit" or "minute_limit" or "gap" =>
                ("/mailboxes", "Mailboxes"),
        "domain_failing" => ("/deliverability", "DNS records"),
        "awaiting_approval" => ($"/approvals?campaign={Id}", "Approvals"),
        _ => null,
    };
}
