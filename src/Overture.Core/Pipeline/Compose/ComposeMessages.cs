using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Compose phase: for every enrollment whose next step is due it writes the message and plans its
/// sending. What cannot be written stays due, with the reason in words.
/// </summary>
public sealed class ComposeMessages(Database database, SendingIdentity identity, TimeProvider time)
{
    const int BatchSize = 100;

    /// <summary>How long a blocked enrollment rests before it is looked at again.</summary>
    static readonly TimeSpan BlockedFor = TimeSpan.FromHours(1);

    /// <summary>
    /// Handles one batch; returns how many enrollments were handled. 0 means nothing is due.
    /// </summary>
    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var due = await EnrollmentStore.ClaimDue(session, now, BatchSize, cancel);
                var campaigns = new Dictionary<long, CampaignInUse>();
                foreach (var enrollment in due)
                {
                    if (!campaigns.TryGetValue(enrollment.CampaignId, out var campaign))
                        campaigns[enrollment.CampaignId] = campaign =
                            await Load(session, enrollment.CampaignId, cancel);
                    var sender = await Rotation.SenderOf(
                        session, enrollment, campaign.Mailbox, now, cancel);
                    await Compose(session, enrollment, campaign with { Mailbox = sender }, now, cancel);
                }

                if (due.Count > 0) await session.Announce("campaigns", 0, cancel);
                return due.Count;
            },
            cancel);

    async Task Compose(
        Session session, Enrollment enrollment, CampaignInUse campaign, DateTime now,
        CancellationToken cancel)
    {
        if (campaign.Steps.FirstOrDefault(step => step.Position == enrollment.NextPosition) is not { } step)
        {
            await EnrollmentStore.Finish(session, enrollment.Id, FinishReason.Completed, now, cancel);
            return;
        }

        var lead = await LeadStore.Find(session, enrollment.LeadId, cancel)
            ?? throw RuleBroken.NotFound("lead", enrollment.LeadId);
        var contact = await ContactStore.Find(session, enrollment.ContactId, cancel)
            ?? throw RuleBroken.NotFound("contact", enrollment.ContactId);
        if (await SuppressionStore.Matching(session, contact.Email, cancel) is not null)
        {
            await EnrollmentStore.Finish(session, enrollment.Id, FinishReason.Suppressed, now, cancel);
            return;
        }

        if (step.Channel == Channel.Email
            && !Overture.Mail.EmailAddress.TryParse(contact.Email ?? "", out _, out var wrong))
        {
            var reason = contact.Email is null
                ? "No e-mail address is known." : $"The address cannot be used: {wrong}";
            await EnrollmentStore.Block(session, enrollment.Id, reason, now + BlockedFor, cancel);
            return;
        }

        var company = lead.CompanyId is { } id ? await CompanyStore.Find(session, id, cancel) : null;
        var facts = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
        var variant = await PickVariant(session, step, cancel);
        var rendered = MessageRenderer.Render(
            step.Channel, variant, MergeFields.For(contact, company, facts, campaign.Mailbox));
        if (!rendered.IsReady)
        {
            await EnrollmentStore.Block(
                session, enrollment.Id, string.Join(' ', rendered.Problems), now + BlockedFor, cancel);
            return;
        }

        await Keep(session, enrollment, campaign, step, variant, contact, rendered, now, cancel);
    }

    async Task Keep(
        Session session, Enrollment enrollment, CampaignInUse campaign, Step step, Variant variant,
        Contact contact, RenderedMessage rendered, DateTime now, CancellationToken cancel)
    {
        var marks = MessageIdentity.For(
            identity.InstanceKey, enrollment.WorkspaceId, enrollment.Id, step.Id, campaign.Mailbox.Domain);
        var isEmail = step.Channel == Channel.Email;
        var messageId = await MessageStore.Insert(
            session,
            new Message
            {
                EnrollmentId = enrollment.Id, StepId = step.Id, VariantId = variant.Id,
                ContactId = contact.Id, Channel = step.Channel,
                State = isEmail ? MessageState.Scheduled : MessageState.Draft,
                ToAddress = isEmail ? contact.Email : contact.LinkedInUrl, Subject = rendered.Subject,
                Body = rendered.Body, WordCount = rendered.WordCount, MessageId = marks.MessageId,
                ReferenceToken = marks.ReferenceToken, ComposedAt = now,
            },
            isEmail ? MessageIdentity.HashOf(marks.UnsubscribeToken) : null, cancel);
        if (messageId is { } written && isEmail)
            await IntentStore.Plan(
                session, enrollment.Id, step.Id, written, campaign.Mailbox.Id, now, cancel);
        if (messageId is not null && !isEmail)
            await TaskStore.Insert(
                session, enrollment.LeadId, "send_linkedin_message",
                $"Send the LinkedIn message to {contact.FullName}", DateOnly.FromDateTime(now), now, cancel);
        await EnrollmentStore.AwaitSend(session, enrollment.Id, cancel);
        await ActivityStore.Append(
            session, enrollment.LeadId, "composed", "campaign",
            $"Wrote step {step.Position}, variant {variant.Name} ({rendered.WordCount} words)", now, cancel);
    }

    /// <summary>The wording used least so far, so that variants share a step evenly.</summary>
    static async Task<Variant> PickVariant(Session session, Step step, CancellationToken cancel)
    {
        var used = await MessageStore.CountByVariant(session, step.Id, cancel);
        return step.Variants.OrderBy(variant => used.GetValueOrDefault(variant.Id))
            .ThenBy(variant => variant.Name)
            .FirstOrDefault() ?? throw new RuleBroken("no_variant", $"Step {step.Position} has no text yet.");
    }

    static async Task<CampaignInUse> Load(Session session, long campaignId, CancellationToken cancel)
    {
        var campaign = await CampaignStore.Find(session, campaignId, cancel)
            ?? throw RuleBroken.NotFound("campaign", campaignId);
        var steps = await CampaignStore.Steps(session, campaignId, cancel);
        var mailbox = await MailboxStore.Find(session, campaign.MailboxId ?? 0, cancel)
            ?? throw RuleBroken.NotFound("mailbox", campaign.MailboxId ?? 0);
        return new CampaignInUse(steps, mailbox);
    }

    sealed record CampaignInUse(IReadOnlyList<Step> Steps, Mailbox Mailbox);
}
