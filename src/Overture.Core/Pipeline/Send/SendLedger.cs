using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>An attempt on record, and since when: the transaction that wrote it began then.</summary>
public sealed record OpenedAttempt(long Id, long Since);

/// <summary>
/// Where sending is written down. Letters that wait at their held dot, and the yes to those before them,
/// gather while a transaction runs; the next one writes them all. Inside it every rule is asked again for
/// every letter, and nobody acts on an entry before its transaction has committed.
/// </summary>
public sealed class SendLedger(Database database, TimeProvider time, ILogger<SendLedger> log)
{
    const int LargestGroup = 200;
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<long, Book> books = new();

    /// <summary>
    /// Opens the attempt of a letter at its held dot. Null when a rule is against it: then it was given back.
    /// Throws when it is not known whether the attempt is on record; without its dot nothing is sent then.
    /// </summary>
    public Task<OpenedAttempt?> Open(Letter letter, int node, string transport, string? draftId = null)
    {
        var entry = new Opening(letter, node, transport, draftId);
        Add(entry);
        return entry.Result;
    }

    /// <summary>
    /// Writes down the far side's yes. False when the attempt was no longer open; throws when it is not
    /// known.
    /// </summary>
    public Task<bool> Accept(Letter letter, long attemptId, SendOutcome.Accepted yes)
    {
        var entry = new Acceptance(letter, attemptId, yes);
        Add(entry);
        return entry.Result;
    }

    void Add(Entry entry)
    {
        var book = books.GetOrAdd(entry.Letter.Workspace.Id, _ => new Book());
        lock (book)
        {
            book.Waiting.Enqueue(entry);
            if (book.IsBeingWritten) return;
            book.IsBeingWritten = true;
        }

        _ = Task.Run(() => WriteAll(entry.Letter.Workspace.Id, book));
    }

    async Task WriteAll(long workspaceId, Book book)
    {
        var group = new List<Entry>();
        while (true)
        {
            group.Clear();
            lock (book)
            {
                while (group.Count < LargestGroup && book.Waiting.TryDequeue(out var entry)) group.Add(entry);
                book.IsBeingWritten = group.Count > 0;
                if (group.Count == 0) return;
            }

            await Write(workspaceId, group);
        }
    }

    async Task Write(long workspaceId, IReadOnlyList<Entry> group)
    {
        try
        {
            await database.InWorkspace(
                workspaceId, session => Write(session, group, time.GetTimestamp()), CancellationToken.None);
            foreach (var entry in group) entry.Committed();
        }
        catch (Exception refused) when (group.Count > 1 && IsRolledBack(refused))
        {
            // One of them cannot be written; the others must not suffer for it.
            log.LogWarning(
                "A group of {Count} is written one by one: {Reason}", group.Count, refused.Message);
            foreach (var entry in group) await Write(workspaceId, [entry]);
        }
        catch (Exception failure)
        {
            foreach (var entry in group) entry.Failed(failure);
        }
    }

    /// <summary>
    /// Certain that nothing was kept: the server itself said so, or it never came to the commit.
    /// </summary>
    static bool IsRolledBack(Exception failure) =>
        failure is PostgresException { Severity: "ERROR" } or not NpgsqlException;

    async Task Write(Session session, IReadOnlyList<Entry> group, long since)
    {
        var cancel = CancellationToken.None;
        var now = time.GetUtcNow().UtcDateTime;
        // Locked in the order of an unsubscribe, enrollments before intents, so that neither waits for ever.
        var held = await EnrollmentStore.HoldMany(
            session, [.. group.Select(entry => entry.Letter.Intent.EnrollmentId).Distinct()], cancel);
        var accepted = group.OfType<Acceptance>().ToList();
        if (accepted.Count > 0) await Accept(session, accepted, held, now, cancel);
        foreach (var openings in group.OfType<Opening>()
            .GroupBy(one => (one.Node, one.Transport)))
            await Open(session, [.. openings], held, since, now, cancel);
        await session.Announce("campaigns", 0, cancel);
    }

    static async Task Accept(
        Session session, IReadOnlyList<Acceptance> accepted, IReadOnlyList<Enrollment> held, DateTime now,
        CancellationToken cancel)
    {
        var written = (await AttemptStore.Accept(
            session,
            [.. accepted.Select(one => new AcceptedAttempt(
                one.AttemptId, one.Yes.Code, one.Yes.ResponseText, one.Letter.LeadId,
                one.Letter.Mailbox.Address))],
            now, cancel)).ToHashSet();
        foreach (var entry in accepted) entry.IsWritten = written.Contains(entry.AttemptId);
        var moved = accepted.Where(one => one.IsWritten).Select(one => one.Letter.Intent.EnrollmentId)
            .ToHashSet();
        await NextStep.AdvanceAll(session, [.. held.Where(one => moved.Contains(one.Id))], now, cancel);
    }

    static async Task Open(
        Session session, IReadOnlyList<Opening> openings, IReadOnlyList<Enrollment> held, long since,
        DateTime now, CancellationToken cancel)
    {
        var wanted = openings.Select(one => one.Letter.Intent.EnrollmentId).ToHashSet();
        var situations = await SituationReader.Hold(
            session, [.. openings.Select(one => one.Letter)], [.. held.Where(one => wanted.Contains(one.Id))],
            now, cancel);
        var blockers = SendingRule.AgainstEach(situations);
        var free = new List<Opening>();
        for (var at = 0; at < openings.Count; at++)
        {
            var isOtherTransport =
                situations[at].Workspace.DryRun != (openings[at].Transport == CaptureTransport.Name);
            if (blockers[at].Count == 0 && !isOtherTransport) free.Add(openings[at]);
            else await GiveBack(session, openings[at].Letter, situations[at], blockers[at], now, cancel);
        }

        if (free.Count == 0) return;
        var attempts = (await IntentStore.Submit(
            session, [.. free.Select(one => one.Letter.Intent)],
            [.. free.Select(one => one.Letter.RecipientDomain)], free[0].Node, free[0].Transport, now,
            cancel)).ToDictionary(one => one.IntentId, one => one.AttemptId);
        foreach (var entry in free)
            if (attempts.TryGetValue(entry.Letter.Intent.Id, out var id))
            {
                entry.Attempt = new OpenedAttempt(id, since);
                if (entry.DraftId is { } draftId)
                    await AttemptStore.KeepDraft(session, id, draftId, cancel);
            }
    }

    static async Task GiveBack(
        Session session, Letter letter, SendingSituation situation, IReadOnlyList<Blocker> blockers,
        DateTime now, CancellationToken cancel)
    {
        if (situation.Suppression is not null)
            await EnrollmentStore.Finish(
                session, letter.Intent.EnrollmentId, FinishReason.Suppressed, now, cancel);
        var until = blockers.Count > 0 ? blockers[0].Until ?? now + LookAgain : now;
        await IntentStore.GiveBack(
            session, letter.Intent, blockers.Count > 0 ? blockers[0].Sentence : null, until, now, cancel);
    }

    /// <summary>What waits to be written for one workspace; one transaction at a time writes it.</summary>
    sealed class Book
    {
        public Queue<Entry> Waiting { get; } = new();

        public bool IsBeingWritten { get; set; }
    }

    abstract class Entry(Letter letter)
    {
        public Letter Letter { get; } = letter;

        public abstract void Committed();

        public abstract void Failed(Exception failure);
    }

    sealed class Opening(Letter letter, int node, string transport, string? draftId) : Entry(letter)
    {
        readonly TaskCompletionSource<OpenedAttempt?> result =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Node { get; } = node;

        public string Transport { get; } = transport;

        public string? DraftId { get; } = draftId;

        public OpenedAttempt? Attempt { get; set; }

        public Task<OpenedAttempt?> Result => result.Task;

        public override void Committed() => result.SetResult(Attempt);

        public override void Failed(Exception failure) => result.SetException(failure);
    }

    sealed class Acceptance(Letter letter, long attemptId, SendOutcome.Accepted yes) : Entry(letter)
    {
        readonly TaskCompletionSource<bool> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long AttemptId { get; } = attemptId;

        public SendOutcome.Accepted Yes { get; } = yes;

        public bool IsWritten { get; set; }

        public Task<bool> Result => result.Task;

        public override void Committed() => result.SetResult(IsWritten);

        public override void Failed(Exception failure) => result.SetException(failure);
    }
}
