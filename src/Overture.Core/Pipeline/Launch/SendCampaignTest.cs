using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Sends a campaign's first email to an address the user names, as the lead of whom least is known would get
/// it. Nobody is enrolled by it, and no lead and no limit is touched.
/// </summary>
public sealed class SendCampaignTest(Campaigns campaigns, PreviewMessage preview, SendTestMessage test)
{
    const string Mark = "[Test] ";

    public async Task<SentTest> Run(long workspaceId, long campaignId, string to, CancellationToken cancel)
    {
        var detail = await campaigns.Get(workspaceId, campaignId, cancel);
        var mailbox = detail.Campaign.MailboxId ?? throw new RuleBroken(
            "no_mailbox", "The campaign has no mailbox to send from. Choose one.");
        var step = detail.Steps.FirstOrDefault(one => one.Kind == StepKind.Email) ?? throw new RuleBroken(
            "no_email_step", "The campaign has no email to send.");
        var lead = await preview.LeastKnown(workspaceId, detail.Audience, cancel) ?? throw new RuleBroken(
            "empty_audience", "Nobody is in the audience yet, so there is nobody to write the email for.");
        var shown = await preview.Of(workspaceId, campaignId, lead, step.Position, cancel) is [var first, ..]
            ? first : throw new RuleBroken("no_text", "The first email has no text yet.");
        if (!shown.Rendered.IsReady)
            throw new RuleBroken(
                "unresolved", $"For {shown.LeadName}: {string.Join(' ', shown.Rendered.Problems)}");
        return await test.Run(
            workspaceId, mailbox, to, cancel,
            new TestText(Mark + shown.Rendered.Subject, shown.Rendered.Body + "\n"));
    }
}
