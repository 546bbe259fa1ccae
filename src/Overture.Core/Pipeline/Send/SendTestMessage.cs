using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>What became of a test message. Without an outcome nothing left: it was only shown.</summary>
public sealed record SentTest(SendOutcome? Outcome, string Sentence, byte[] Message)
{
    /// <summary>Whether the message may have left this machine.</summary>
    public bool Left => Outcome is SendOutcome.Accepted or SendOutcome.Uncertain;
}

/// <summary>What a test message says.</summary>
public sealed record TestText(string Subject, string Body)
{
    public static TestText About(Mailbox mailbox) => new(
        "Test message from Overture",
        $"{mailbox.Address} can send.\n\n"
        + "Somebody asked Overture for this test message; it needs no answer.\n");
}

/// <summary>
/// Sends one message about nothing, or one that a campaign would send, to an address the user names, by the
/// way campaigns take. It holds to the switches of the workspace and to the suppression list; no lead and no
/// limit is touched.
/// </summary>
public sealed class SendTestMessage(Database database, Transports transports, TimeProvider time)
{
    public async Task<SentTest> Run(
        long workspaceId, long mailboxId, string to, CancellationToken cancel, TestText? text = null)
    {
        if (!EmailAddress.TryParse(to, out var address, out var wrong))
            throw new RuleBroken("bad_address", $"'{to}' is not an e-mail address: {wrong}", "to");
        var (workspace, mailbox) = await Allowed(workspaceId, mailboxId, address, cancel);
        var message = Compose(mailbox, address, text ?? TestText.About(mailbox));
        if (workspace.DryRun)
            return new SentTest(
                null, $"Dry run: nothing left. {mailbox.Address} would have sent this to {to}.", message);
        if (!mailbox.CanReachAServer)
            throw new RuleBroken(
                "mailbox_without_server",
                $"{mailbox.Address} has no mail server. Enter its SMTP server first.");
        await using var prepared = await transports.For(workspace, mailbox).Prepare(
            mailbox, mailbox.Address, to, message, cancel);
        // The switch may have been pulled while the server was slow.
        if (prepared.Outcome is null) await StillAllowed(prepared, workspaceId, mailboxId, address, cancel);
        var outcome = prepared.Outcome ?? await prepared.Finish(CancellationToken.None);
        return new SentTest(outcome, Sentence(outcome, mailbox, to), message);
    }

    async Task StillAllowed(
        IPreparedSend prepared, long workspaceId, long mailboxId, EmailAddress to, CancellationToken cancel)
    {
        try
        {
            await Allowed(workspaceId, mailboxId, to, cancel);
        }
        catch
        {
            prepared.Abandon();
            throw;
        }
    }

    Task<(Workspace Workspace, Mailbox Mailbox)> Allowed(
        long workspaceId, long mailboxId, EmailAddress to, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                // Held like every send holds it: a stop is seen here, or it comes after this test was
                // allowed.
                var workspace = await WorkspaceStore.Hold(session, workspaceId, cancel)
                    ?? throw RuleBroken.NotFound("workspace", workspaceId);
                var mailbox = await MailboxStore.Find(session, mailboxId, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", mailboxId);
                if (workspace.IsStopped)
                    throw new RuleBroken(
                        "sending_stopped",
                        $"Sending was stopped by {workspace.StoppedBy}: {workspace.StopReason}. "
                        + "Resume it first.");
                if (mailbox.State == MailboxState.Paused)
                    throw new RuleBroken("mailbox_paused", $"{mailbox.Address} is paused. Resume it first.");
                if (await SuppressionStore.Matching(session, to.Normalised, cancel) is { } reason)
                    throw new RuleBroken(
                        "suppressed",
                        $"{to.Normalised} is suppressed ({reason.Replace('_', ' ')}) and stays unwritten.",
                        "to");
                return (workspace, mailbox);
            },
            cancel);

    byte[] Compose(Mailbox mailbox, EmailAddress to, TestText text) => MimeWriter.Write(new OutgoingEmail
    {
        From = EmailAddress.Parse(mailbox.Address)
            .Named(mailbox.FromName.Length > 0 ? mailbox.FromName : null),
        To = [to],
        Subject = text.Subject,
        TextBody = text.Body,
        MessageId = $"<test.{Guid.CreateVersion7(time.GetUtcNow()):N}@{mailbox.Domain}>",
        Date = time.GetUtcNow(),
        ExtraHeaders = [new EmailHeader("Auto-Submitted", "auto-generated")],
    });

    static string Sentence(SendOutcome outcome, Mailbox mailbox, string to) => outcome switch
    {
        SendOutcome.Accepted (var code, var text) =>
            $"Sent: {(mailbox.IsGmail ? "Gmail" : mailbox.SmtpHost)} took the message for {to} "
            + $"({code} {text}).",
        SendOutcome.Deferred { Fault: var fault } => $"Not sent: {fault.Sentence} {fault.Remedy}",
        SendOutcome.Rejected { Fault: var fault } => $"Not sent: {fault.Sentence} {fault.Remedy}",
        SendOutcome.Uncertain { Reason: var reason } =>
            $"It is not known whether the message was sent: {reason} Look into the inbox of {to}.",
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
