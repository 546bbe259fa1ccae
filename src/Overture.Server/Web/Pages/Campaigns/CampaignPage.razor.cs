using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CampaignPage(
    PageState state, Campaigns campaigns, CampaignReport report, MessageReport messages, WhyNot whyNot,
        Leads leads)
    : LoadedPage(state)
{
    const int MessagesShown = 25;

    [Parameter]
    public long Id { get; set; }

    CampaignDetail Detail { get; set; } = null!;

    Campaign Campaign => Detail.Campaign;

    CampaignCounters Counters { get; set; } = new();

    IReadOnlyList<Obstacle> Obstacles { get; set; } = [];

    IReadOnlyList<VariantResult> Variants { get; set; } = [];

    IReadOnlyList<MessageRow> Messages { get; set; } = [];

    long AudienceSize { get; set; }

    string Since => (Campaign.State, Campaign.StartedAt) switch
    {
        (CampaignState.Draft, _) => $"{Words.Many(AudienceSize, "lead")} in its audience so far",
        (CampaignState.Paused, _) => $"Paused {Campaign.PausedReason}".TrimEnd(),
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
        new("Replied", Counters.Replied, $"/messages?campaign={Id}&state=replied"),
        new("Bounced", Counters.Bounced, $"/messages?campaign={Id}&state=bounced"),
        new("Unsubscribed", Counters.Unsubscribed, $"/messages?campaign={Id}&state=unsubscribed"),
        new("Failed", Counters.Failed, $"/messages?campaign={Id}&state=failed"),
    ];

    protected override async Task Load()
    {
        Detail = await campaigns.Get(WorkspaceId, Id, Cancel);
        Counters = await report.Of(WorkspaceId, Id, Cancel);
        Obstacles = await whyNot.Of(WorkspaceId, Id, Cancel);
        Variants = await report.Variants(WorkspaceId, Id, Cancel);
        Messages = await messages.List(WorkspaceId, Id, null, null, null, MessagesShown, Cancel);
        AudienceSize = (await leads.List(WorkspaceId, Detail.Audience, null, 1, Cancel)).Total;
    }

    string Delay(int position) =>
        Detail.Steps.FirstOrDefault(step => step.Position == position)?.DelayDays switch
    {
        null or 0 => position == 1 ? "at once" : "no day",
        { } days => Words.Many(days, "day"),
    };

    (string Href, string Label)? FixFor(string code) => code switch
    {
        "no_mailbox" => ($"/campaigns/{Id}/edit", "Choose a mailbox"),
        "no_audience" or "nobody_left" => ($"/campaigns/{Id}/edit", "Change the audience"),
        "cannot_be_written" => ($"/campaigns/{Id}/edit", "Edit the text"),
        "mailbox_broken" or "mailbox_paused" or "mailbox_without_server" or "mailbox_exhausted"
            or "outside_working_hours" or "weekly_limit" or "daily_limit" or "minute_limit" =>
                ("/mailboxes", "Mailboxes"),
        _ => null,
    };
}
