using Microsoft.Extensions.Logging;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>How a look into a mailbox ended: what was new, or why it failed.</summary>
public sealed record ScanOutcome(int Taken, ImapFailure? Failure)
{
    public bool Works => Failure is null;
}

/// <summary>
/// One look into a mailbox: everything new in its inbox and its spam folder, each message taken once. Nothing
/// is marked as read. A message and the place it was read from are one commit, so a crash loses nothing and
/// repeats nothing.
/// </summary>
public sealed class ScanMailbox(
    Database database, OpenMailbox open, ScanGmail gmail, TakeMail take, TimeProvider time,
    ILogger<ScanMailbox> log)
{
    /// <summary>What is kept of a larger message is its beginning.</summary>
    internal const int LargestKeptBytes = 5 * 1024 * 1024;

    /// <summary>A UIDVALIDITY that no server gives, so that the first look reads back to a date.</summary>
    const uint NeverRead = uint.MaxValue;

    /// <summary>Longer than any pause between two messages of a look; every message extends it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>How often a mailbox is looked into when nothing wakes us.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    const int MostDoublings = 6;

    /// <summary>Looks into a mailbox whose lease the caller holds, and gives the lease back.</summary>
    public async Task<ScanOutcome> Run(MailboxReader reader, CancellationToken cancel)
    {
        try
        {
            var mailbox = await Mailbox(reader, cancel);
            if (reader.Kind == ReaderKind.Gmail)
                return new ScanOutcome(await LookIntoGmail(mailbox, reader, cancel), null);
            await using var session = await open.Connect(mailbox, reader, cancel);
            return new ScanOutcome(await Look(session, mailbox, reader, cancel), null);
        }
        catch (ImapFailed failed)
        {
            await Failed(reader, failed.Failure, cancel);
            return new ScanOutcome(0, failed.Failure);
        }
        catch (MailboxUnreadable refused)
        {
            await Failed(reader, refused.Failure, cancel, refused.RestFor);
            return new ScanOutcome(0, refused.Failure);
        }
        catch (Exception broken) when (broken is RuleBroken or SecretUnreadable)
        {
            var failure = new ImapFailure(ImapFailureKind.Login, broken.Message);
            await Failed(reader, failure, cancel);
            return new ScanOutcome(0, failure);
        }
        finally
        {
            await Release(reader);
        }
    }

    /// <summary>One look over an open session; returns how many messages were new.</summary>
    internal async Task<int> Look(
        ImapSession session, Mailbox mailbox, MailboxReader reader, CancellationToken cancel)
    {
        var known = await database.InWorkspace(
            reader.WorkspaceId,
            db => MailboxReaderStore.Folders(db, reader.MailboxId, cancel), cancel);
        var taken = 0;
        foreach (var folder in (await session.ListFolders(cancel)).Where(IsRead))
        {
            var cursor = known.FirstOrDefault(one => one.Folder == folder.Name)
                ?? new FolderCursor(
                    folder.Name, Word(folder.Use), NeverRead, 0, reader.ReadsFrom + ImapScan.Overlap, null);
            taken += await Folder(session, mailbox, reader, cursor, cancel);
        }

        await Synced(reader, Interval, taken, cancel);
        return taken;
    }

    internal Task Failed(
        MailboxReader reader, ImapFailure failure, CancellationToken cancel, TimeSpan? restFor = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var pause = FirstPause * (1 << Math.Min(reader.FailureCount, MostDoublings));
        if (pause > LongestPause) pause = LongestPause;
        log.LogWarning("Mailbox {Id} cannot be read: {Reason}", reader.MailboxId, failure.Sentence);
        return database.InWorkspace(
            reader.WorkspaceId,
            async db =>
            {
                await MailboxReaderStore.Failed(
                    db, reader, failure.Sentence, !failure.MayPass, now,
                    now + (restFor ?? pause), cancel);
                await db.Announce("mailboxes", reader.MailboxId, cancel);
            },
            cancel);
    }

    internal async Task<Mailbox> Mailbox(MailboxReader reader, CancellationToken cancel) =>
        await database.InWorkspace(
            reader.WorkspaceId, db => MailboxStore.Find(db, reader.MailboxId, cancel), cancel)
        ?? throw RuleBroken.NotFound("mailbox", reader.MailboxId);

    internal Task Release(MailboxReader reader) =>
        database.InWorkspace(
            reader.WorkspaceId, db => MailboxReaderStore.Release(db, reader, CancellationToken.None),
            CancellationToken.None);

    async Task<int> LookIntoGmail(Mailbox mailbox, MailboxReader reader, CancellationToken cancel)
    {
        var taken = await gmail.Look(mailbox, reader, cancel);
        await Synced(reader, ScanGmail.Interval, taken, cancel);
        return taken;
    }

    Task Synced(MailboxReader reader, TimeSpan interval, int taken, CancellationToken cancel) =>
        database.InWorkspace(
            reader.WorkspaceId,
            async db =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                await MailboxReaderStore.Synced(db, reader, now, now + interval, taken > 0, cancel);
                await db.Announce("mailboxes", reader.MailboxId, cancel);
            },
            cancel);

    async Task<int> Folder(
        ImapSession session, Mailbox mailbox, MailboxReader reader, FolderCursor cursor,
        CancellationToken cancel)
    {
        var taken = 0;
        var scan = new ImapScan(session, new SeenMessages()).Run(
            new ImapCursor(
                cursor.Folder, (uint)cursor.UidValidity, (uint)cursor.LastUid,
                cursor.NewestAt is { } newest ? new DateTimeOffset(newest, TimeSpan.Zero) : null),
            cancel);
        await foreach (var news in scan)
        {
            cursor = cursor with
            {
                UidValidity = news.Cursor.UidValidity, LastUid = news.Cursor.LastUid,
                NewestAt = news.Cursor.NewestAt?.UtcDateTime, LastSyncAt = time.GetUtcNow().UtcDateTime,
            };
            var copy = news is ImapNews.Arrived arrived
                ? await Download(session, reader, cursor, arrived.Message, cancel) : null;
            if (await Keep(mailbox, reader, cursor, copy, cancel)) taken++;
        }

        return taken;
    }

    /// <summary>The message's bytes; null when it was read before or is gone.</summary>
    async Task<ReceivedCopy?> Download(
        ImapSession session, MailboxReader reader, FolderCursor cursor, ImapMessage message,
        CancellationToken cancel)
    {
        if (await database.InWorkspace(
            reader.WorkspaceId,
            db => ReceivedMailStore.IsReadPlace(
                db, reader.MailboxId, cursor.Folder, cursor.UidValidity, message.Uid, cancel), cancel))
            return null;
        using var bytes = new MemoryStream();
        var download = await session.Download(message.Uid, bytes, LargestKeptBytes, cancel);
        return download.Found
            ? new ReceivedCopy(
                cursor.Folder, cursor.UidValidity, message.Uid,
                message.ReceivedAt?.UtcDateTime ?? time.GetUtcNow().UtcDateTime, bytes.ToArray(),
                download.Size ?? bytes.Length, download.Truncated)
            : null;
    }

    /// <summary>The message and the place after it in one commit, while the lease is ours.</summary>
    Task<bool> Keep(
        Mailbox mailbox, MailboxReader reader, FolderCursor cursor, ReceivedCopy? copy,
        CancellationToken cancel) =>
        database.InWorkspace(
            reader.WorkspaceId,
            async db =>
            {
                var until = time.GetUtcNow().UtcDateTime + Lease;
                if (!await MailboxReaderStore.HoldLease(db, reader, until, cancel))
                    throw new ImapFailed(
                        new ImapFailure(ImapFailureKind.Busy, "Another node reads this mailbox now."));
                var isNew = copy is not null && await take.Run(db, mailbox, reader, copy, cancel);
                await MailboxReaderStore.PutFolder(db, reader.MailboxId, cursor, cancel);
                return isNew;
            },
            cancel);

    /// <summary>A reply that a filter took for spam is a reply; so are reports.</summary>
    internal static bool IsRead(ImapFolder folder) =>
        folder is { CanOpen: true, Use: ImapFolderUse.Inbox or ImapFolderUse.Junk };

    static string Word(ImapFolderUse use) => use.ToString().ToLowerInvariant();
}
