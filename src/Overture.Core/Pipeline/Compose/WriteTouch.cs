using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes what a step says to one person: an email into the plan of its mailbox, or before the eyes of
/// whoever approves it; a LinkedIn text or a call as a task with everything it needs.
/// </summary>
public sealed class WriteTouch(SendingIdentity identity)
{
    /// <summary>False when this step had reached the person before, so that nothing was written.</summary>
    internal async Task<bool> Run(
        BatchInUse batch, Enrollment enrollment, CampaignInUse campaign, Step step, LeadInUse person,
        CancellationToken cancel)
    {
        var (session, now) = (batch.Session, batch.Now);
        if (batch.People.Suppression(person.Contact) is not null)
        {
            await EnrollmentStore.Finish(session, enrollment.Id, FinishReason.Suppressed, now, cancel);
            return true;
        }

        var variant = VariantChoice.Of(step, enrollment.Number);
        var rendered = MessageRenderer.Render(step.Kind, variant, person.Fields);
        if (Obstacle(step, person.Contact, rendered) is { } reason)
        {
            await EnrollmentStore.Block(
                session, enrollment.Id, reason, now + ComposeMessages.BlockedFor, cancel);
            return true;
        }

        if (step.Kind != StepKind.Manual && batch.People.WasWritten(enrollment, step)) return false;
        var summary = step.Kind == StepKind.Manual ? $"Step {step.Position} asks: {rendered.Subject}"
            : $"Wrote step {step.Position}, variant {variant.Name} ({rendered.WordCount} words)";
        if (step.Kind == StepKind.Email)
        {
            Plan(batch, enrollment, campaign, Written(enrollment, campaign, step, variant, person, rendered,
                now), summary);
            return true;
        }

        await AskAPerson(
            session, enrollment, step, person, rendered,
            step.Kind == StepKind.Manual
                ? null : Written(enrollment, campaign, step, variant, person, rendered, now).Message, now,
            cancel);
        await EnrollmentStore.AwaitSend(session, enrollment.Id, cancel);
        await ActivityStore.Append(
            session, enrollment.LeadId, "composed", "campaign", summary, now, cancel);
        return true;
    }

    static void Plan(
        BatchInUse batch, Enrollment enrollment, CampaignInUse campaign,
        (Message Message, byte[] UnsubscribeHash) written, string summary)
    {
        var isPlanned = !campaign.Campaign.ApprovesEach;
        batch.Emails.Add(new ComposedEmail(
            enrollment,
            written.Message with { State = isPlanned ? MessageState.Scheduled : MessageState.Draft },
            written.UnsubscribeHash, campaign.Mailbox.Id,
            isPlanned ? null : batch.Now + Approvals.Patience, summary));
        if (isPlanned) batch.Rotation.Count(campaign.Mailbox.Id);
    }

    static string? Obstacle(Step step, Contact contact, RenderedMessage rendered)
    {
        if (step.Kind == StepKind.Email
            && !Overture.Mail.EmailAddress.TryParse(contact.Email ?? "", out _, out var wrong))
            return contact.Email is null
                ? "No e-mail address is known." : $"The address cannot be used: {wrong}";
        return rendered.IsReady ? null : string.Join(' ', rendered.Problems);
    }

    (Message Message, byte[] UnsubscribeHash) Written(
        Enrollment enrollment, CampaignInUse campaign, Step step, Variant variant, LeadInUse person,
        RenderedMessage rendered, DateTime now)
    {
        var marks = MessageIdentity.For(
            identity.InstanceKey, enrollment.WorkspaceId, enrollment.Id, step.Id, campaign.Mailbox.Domain);
        var isEmail = step.Kind == StepKind.Email;
        return (
            new Message
            {
                EnrollmentId = enrollment.Id, StepId = step.Id, VariantId = variant.Id,
                ContactId = person.Contact.Id, Channel = isEmail ? Channel.Email : Channel.LinkedIn,
                State = MessageState.Draft,
                ToAddress = isEmail ? person.Contact.Email : person.Contact.LinkedInUrl,
                Subject = rendered.Subject, Body = rendered.Body, WordCount = rendered.WordCount,
                MessageId = marks.MessageId, ReferenceToken = marks.ReferenceToken, ComposedAt = now,
            },
            MessageIdentity.HashOf(marks.UnsubscribeToken));
    }

    /// <summary>What a person does by hand; a LinkedIn text is kept with the task.</summary>
    static async Task AskAPerson(
        Session session, Enrollment enrollment, Step step, LeadInUse person, RenderedMessage rendered,
        Message? message, DateTime now, CancellationToken cancel)
    {
        if (message is null)
        {
            await Ask(session, enrollment, step, null, rendered.Subject, rendered.Body, person, now, cancel);
            return;
        }

        var id = await MessageStore.Insert(session, message, null, cancel)
            ?? throw new InvalidOperationException($"Step {step.Id} was written to it meanwhile.");
        await Ask(
            session, enrollment, step, id, $"Send the LinkedIn message to {person.Contact.FullName}",
            rendered.Body, person, now, cancel);
    }

    static Task<long> Ask(
        Session session, Enrollment enrollment, Step step, long? messageId, string title, string body,
        LeadInUse person, DateTime now, CancellationToken cancel) =>
        TaskStore.InsertForStep(
            session,
            new HumanTask
            {
                LeadId = enrollment.LeadId, EnrollmentId = enrollment.Id, MessageId = messageId,
                StepId = step.Id, Title = title, Body = body, DueOn = DateOnly.FromDateTime(now),
                Kind = step.Manual switch
                {
                    null => "send_linkedin_message",
                    ManualKind.Call => "call",
                    _ => "other",
                },
                Link = step.Manual == ManualKind.Call && person.Contact.Phone is { } phone
                    ? $"tel:{phone}" : person.Contact.LinkedInUrl ?? ProfileSearch(person),
            },
            now, cancel);

    /// <summary>Where to look for somebody whose profile is not known.</summary>
    static string ProfileSearch(LeadInUse person) =>
        "https://www.linkedin.com/search/results/people/?keywords=" + Uri.EscapeDataString(
            $"{person.Contact.FullName} {person.Fields.GetValueOrDefault("company")}".Trim());
}
