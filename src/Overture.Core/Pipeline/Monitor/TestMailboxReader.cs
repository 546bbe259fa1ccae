using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Connects, logs in and lists the folders of a mailbox; nothing is read and nothing is changed.
/// </summary>
public sealed class TestMailboxReader(MailboxReaders readers, OpenMailbox open, GmailClients gmail)
{
    /// <summary>A reader that works is taken back into service and looks at once.</summary>
    public async Task<MailboxTest> Run(long workspaceId, long mailboxId, CancellationToken cancel)
    {
        try
        {
            if (await readers.Find(workspaceId, mailboxId, cancel) is { Kind: ReaderKind.Gmail })
                return await Gmail(workspaceId, mailboxId, cancel);
            await using var session = await open.Connect(workspaceId, mailboxId, cancel);
            if (session is null)
                return new MailboxTest(
                    false, "Nothing says where this mailbox is read.", "Enter its IMAP server.");
            var folders = await session.ListFolders(cancel);
            var read = folders.Where(ScanMailbox.IsRead).Select(folder => folder.Name).ToList();
            await readers.Resume(workspaceId, mailboxId, cancel);
            return new MailboxTest(true, $"Logged in. Read: {string.Join(", ", read)}.", "");
        }
        catch (ImapFailed failed)
        {
            var words = failed.Failure.ServerText is { } said ? $" They said: {said}" : "";
            return new MailboxTest(
                false, failed.Failure.Sentence + words,
                failed.Failure.MayPass
                    ? "It is tried again by itself." : "Correct the settings and test again.");
        }
        catch (Exception broken) when (broken is RuleBroken or SecretUnreadable)
        {
            return new MailboxTest(false, broken.Message, "Enter the password again.");
        }
    }

    async Task<MailboxTest> Gmail(long workspaceId, long mailboxId, CancellationToken cancel)
    {
        if (await gmail.Find(workspaceId, mailboxId, cancel) is not { } client)
            return new MailboxTest(
                false, "Nobody has consented to the use of this mailbox.", "Connect it to Gmail.");
        if ((await client.Test(cancel)).Failure is { } failure)
            return new MailboxTest(
                false, GmailFaults.Sentence(failure),
                GmailFaults.EndsTheGrant(failure)
                    ? "Connect the mailbox again." : "It is tried again by itself.");
        await readers.Resume(workspaceId, mailboxId, cancel);
        return new MailboxTest(true, "Gmail opens the mailbox; its history is read.", "");
    }
}
