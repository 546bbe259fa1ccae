using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// One claimed intent with everything needed to send it: the message, its sender and its exact bytes.
/// </summary>
public sealed record Letter(
    SendIntent Intent, Message Message, Mailbox Mailbox, Workspace Workspace, long LeadId, byte[] Bytes)
{
    public string To => Message.ToAddress!;

    public string RecipientDomain => To[(To.LastIndexOf('@') + 1)..].ToLowerInvariant();

    internal static async Task<Letter> Load(
        Session session, SendIntent intent, SendingIdentity identity, DateTimeOffset now,
        CancellationToken cancel)
    {
        var message = await MessageStore.Find(session, intent.MessageId, cancel)
            ?? throw RuleBroken.NotFound("message", intent.MessageId);
        var mailbox = await MailboxStore.Find(session, intent.MailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", intent.MailboxId);
        var workspace = await WorkspaceStore.Find(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var contact = await ContactStore.Find(session, message.ContactId, cancel)
            ?? throw RuleBroken.NotFound("contact", message.ContactId);
        var leadId = await LeadStore.FindByContact(session, contact.Id, cancel)
            ?? throw RuleBroken.NotFound("lead of contact", contact.Id);
        var thread = await MessageStore.SentBefore(session, message.EnrollmentId, message.Id, cancel);
        var marks = MessageIdentity.For(
            identity.InstanceKey, session.WorkspaceId, message.EnrollmentId, message.StepId, mailbox.Domain);
        var bytes = EmailBuilder.Build(
            message, mailbox, contact.FullName, thread,
            EmailBuilder.UnsubscribeLink(identity, marks.UnsubscribeToken), now,
            await TrackedBody.For(session, identity, message, cancel));
        return new Letter(intent, message, mailbox, workspace, leadId, bytes);
    }
}
