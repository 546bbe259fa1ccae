using System.Globalization;
using Microsoft.Extensions.Logging;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;
using Overture.Providers.Gmail;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// One look into a Gmail mailbox: everything its history tells since the last look, each message taken once.
/// The point of the history moves only after all before it is kept, so a crash loses nothing; what is read
/// twice is taken once. Where the history is lost, the mail since the last look is searched instead.
/// </summary>
public sealed class ScanGmail(
    Database database, GmailClients clients, TakeMail take, TimeProvider time, ILogger<ScanGmail> log)
{
    /// <summary>The place that received mail was read from; Gmail's ids need no folder.</summary>
    const string Folder = "Gmail";

    /// <summary>Changes of about a week in a busy mailbox; with more of them a search is cheaper.</summary>
    const int MostHistoryPages = 40;

    /// <summary>A mailbox that got more than this since the last look is read from the newest on.</summary>
    const int MostSearchPages = 20;

    /// <summary>Gmail's search knows seconds and the clocks of others; a day is read twice instead.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Reads what is new; returns how many messages were.</summary>
    /// <exception cref="MailboxUnreadable">Gmail refused, or nobody consents any more.</exception>
    public async Task<int> Look(Mailbox mailbox, MailboxReader reader, CancellationToken cancel)
    {
        var client = await clients.Find(reader.WorkspaceId, reader.MailboxId, cancel)
            ?? throw new MailboxUnreadable("Nobody has consented to the use of this mailbox.", false);
        return reader.HistoryId is { } from && await Since(client, mailbox, reader, from, cancel) is { } taken
            ? taken
            : await Anew(client, mailbox, reader, cancel);
    }

    /// <summary>What the history tells; null when it reaches back no further, or too much happened.</summary>
    async Task<int?> Since(
        GmailClient client, Mailbox mailbox, MailboxReader reader, string from, CancellationToken cancel)
    {
        var taken = 0;
        string? next = null;
        for (var page = 0; page < MostHistoryPages; page++)
        {
            var history = Known(await client.History(from, next, cancel));
            if (history.IsExpired) return null;
            foreach (var added in history.Added.Where(one => IsReceived(one.Labels)))
                if (await Take(client, mailbox, reader, added.Name, cancel)) taken++;
            if (history.Next is null)
            {
                await Keep(reader, db => MailboxReaderStore.SetHistory(
                    db, reader, history.HistoryId, cancel), cancel);
                return taken;
            }

            next = history.Next;
        }

        return null;
    }

    /// <summary>
    /// The first look, and the look after the history was lost. Its point is noted before, so that what comes
    /// in meanwhile is told by the history afterwards.
    /// </summary>
    async Task<int> Anew(
        GmailClient client, Mailbox mailbox, MailboxReader reader, CancellationToken cancel)
    {
        var profile = Known(await client.Profile(cancel));
        var since = reader.HistoryId is null || reader.LastSyncAt is null
            ? reader.ReadsFrom : reader.LastSyncAt.Value - Overlap;
        var taken = 0;
        string? next = null;
        for (var page = 0; page < MostSearchPages; page++)
        {
            var found = Known(await client.Received(
                new DateTimeOffset(since, TimeSpan.Zero), next, cancel));
            foreach (var name in found.Messages)
                if (await Take(client, mailbox, reader, name, cancel)) taken++;
            next = found.Next;
            if (next is null) break;
        }

        if (next is not null)
            log.LogWarning(
                "Mailbox {Id} got more mail since {Since} than is read at once; the oldest is left out.",
                reader.MailboxId, since);
        await Keep(reader, db => MailboxReaderStore.SetHistory(
            db, reader, profile.HistoryId, cancel), cancel);
        return taken;
    }

    async Task<bool> Take(
        GmailClient client, Mailbox mailbox, MailboxReader reader, GmailName name, CancellationToken cancel)
    {
        var uid = Number(name.MessageId);
        if (await database.InWorkspace(
            reader.WorkspaceId,
            db => ReceivedMailStore.IsReadPlace(db, reader.MailboxId, Folder, 0, uid, cancel), cancel))
            return false;
        var message = await client.Message(name.MessageId, cancel);
        if (message.Failure is { Kind: FailureKind.NotFound }) return false;
        var (bytes, at) = (Known(message).Bytes, message.Value.ReceivedAt);
        var isCut = bytes.Length > ScanMailbox.LargestKeptBytes;
        var copy = new ReceivedCopy(
            Folder, 0, uid, at?.UtcDateTime ?? time.GetUtcNow().UtcDateTime,
            (isCut ? bytes[..ScanMailbox.LargestKeptBytes] : bytes).ToArray(), bytes.Length, isCut);
        var isNew = false;
        await Keep(
            reader, async db => isNew = await take.Run(db, mailbox, reader, copy, cancel), cancel);
        return isNew;
    }

    /// <summary>One commit, while the lease is ours.</summary>
    Task Keep(MailboxReader reader, Func<Session, Task> work, CancellationToken cancel) =>
        database.InWorkspace(
            reader.WorkspaceId,
            async db =>
            {
                var until = time.GetUtcNow().UtcDateTime + ScanMailbox.Lease;
                if (!await MailboxReaderStore.HoldLease(db, reader, until, cancel))
                    throw new MailboxUnreadable("Another node reads this mailbox now.", true);
                await work(db);
            },
            cancel);

    static T Known<T>(ProviderResult<T> result) => result.Failure is { } failure
        ? throw new MailboxUnreadable(
            GmailFaults.Sentence(failure) + (GmailFaults.EndsTheGrant(failure)
                ? " Connect the mailbox again." : ""),
            !GmailFaults.EndsTheGrant(failure), failure.RetryAfter)
        : result.Value;

    /// <summary>
    /// What others wrote, wherever a filter put it; a note to oneself is sent and received.
    /// </summary>
    static bool IsReceived(IReadOnlyList<string> labels) =>
        !labels.Contains("DRAFT") && !labels.Contains("CHAT") && !labels.Contains("TRASH")
        && (!labels.Contains("SENT") || labels.Contains("INBOX"));

    /// <summary>Gmail's ids are 64 bits in hexadecimal; others would be no numbers at all.</summary>
    static long Number(string id) =>
        ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? unchecked((long)number)
            : throw new MailboxUnreadable($"Gmail gave a message the unknown name {id}.", true);
}

/// <summary>Why a mailbox cannot be read, whether that passes by itself, and when to ask again.</summary>
public sealed class MailboxUnreadable(string sentence, bool mayPass, TimeSpan? restFor = null)
    : Exception(sentence)
{
    public bool MayPass => mayPass;

    public TimeSpan? RestFor => restFor;

    /// <summary>The same in the words in which every look into a mailbox ends.</summary>
    public ImapFailure Failure => new(
        mayPass ? ImapFailureKind.Busy : ImapFailureKind.Login, Message);
}
