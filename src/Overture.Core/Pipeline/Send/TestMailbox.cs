using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>What a mailbox test found, in a sentence and a remedy.</summary>
public sealed record MailboxTest(bool Works, string Sentence, string Remedy);

/// <summary>Connects and logs in with a mailbox's settings, without sending anything.</summary>
public sealed class TestMailbox(
    Mailboxes mailboxes, GmailClients gmail, SecretBox secrets, TimeProvider time)
{
    /// <summary>
    /// A mailbox that works is taken back into service; one that does not is marked, with the reason.
    /// </summary>
    public async Task<MailboxTest> Run(long workspaceId, long id, CancellationToken cancel)
    {
        var mailbox = await mailboxes.Get(workspaceId, id, cancel);
        if (!mailbox.CanReachAServer)
            return new MailboxTest(
                false, $"{mailbox.Address} has no mail server yet.",
                "Enter its SMTP server, or stay in dry run.");
        if (await (mailbox.IsGmail ? GmailFault(mailbox, cancel) : FaultOf(mailbox, cancel)) is not { } fault)
        {
            await mailboxes.Connected(workspaceId, id, cancel);
            return new MailboxTest(
                true,
                mailbox.IsGmail
                    ? "Gmail opens the mailbox."
                    : $"{mailbox.SmtpHost} accepted the connection and the login.",
                "");
        }

        if (fault is { Party: SmtpFaultParty.Mailbox, IsPermanent: true })
            await mailboxes.MarkBroken(workspaceId, id, $"{fault.Sentence} {fault.Remedy}", cancel);
        return new MailboxTest(false, fault.Sentence, fault.Remedy);
    }

    async Task<SmtpFault?> GmailFault(Mailbox mailbox, CancellationToken cancel)
    {
        try
        {
            var outcome = await gmail.Find(mailbox.WorkspaceId, mailbox.Id, cancel) is not { } client
                ? GmailFaults.NotConnected("Nobody has consented to the use of this mailbox.")
                : (await client.Test(cancel)).Failure is { } failure ? GmailFaults.Of(failure) : null;
            return outcome switch
            {
                SendOutcome.Deferred deferred => deferred.Fault,
                SendOutcome.Rejected rejected => rejected.Fault,
                _ => null,
            };
        }
        catch (SecretUnreadable)
        {
            return SmtpTransport.UnreadablePassword with { Remedy = "Connect the mailbox again." };
        }
    }

    /// <summary>What went wrong on the way to the login; null when nothing did.</summary>
    async Task<SmtpFault?> FaultOf(Mailbox mailbox, CancellationToken cancel)
    {
        try
        {
            var connection = await SmtpSession.Connect(
                SmtpTransport.OptionsFor(mailbox, secrets, time), cancel);
            if (connection.Session is { } session) await session.DisposeAsync();
            return connection.Fault;
        }
        catch (SecretUnreadable)
        {
            return SmtpTransport.UnreadablePassword;
        }
    }
}
