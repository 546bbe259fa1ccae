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
        do await WriteNext(workspaceId, book);
        while (book.HasMore());
    }

    /// <summary>
    /// Whatever came while the transaction was begun is written in it too: letters that were let go together
    /// come back together.
    /// </summary>
    async Task WriteNext(long workspaceId, Book book)
    {
        IReadOnlyList<Entry> group = [];
        try
        {
            await using var session = await database.OpenByKeys(workspaceId, CancellationToken.None);
            group = book.Take(LargestGroup);
            await Write(session, group, time.GetTimestamp());
            await session.Commit(CancellationToken.None);
        }
        catch (Exception refused) when (group.Count > 1 && IsRolledBack(refused))
        {
            // One of them cannot be written; the others must not suffer for it.
            log.LogWarning(
                "A group of {Count} is written one by one: {Reason}", group.Count, refused.Message);
            foreach (var entry in group) await WriteAlone(workspaceId, entry);
            return;
        }
        catch (Exception failure)
        {
            foreach (var entry in group.Count > 0 ? group : book.Take(LargestGroup)) entry.Failed(failure);
            return;
        }

        foreach (var entry in group) entry.Committed();
    }

    async Task WriteAlone(long workspaceId, Entry entry)
    {
        try
        {
            await using var session = await database.OpenByKeys(workspaceId, CancellationToken.None);
            await Write(session, [entry], time.GetTimestamp());
            await session.Commit(CancellationToken.None);
        }
        catch (Exception failure)
        {
            entry.Failed(failure);
            return;
        }

        entry.Committed();
    }

    /// <summary>
    /// Certain that nothing was kept: the server itself said so, or it never came to the commit.
    /// </summary>
    static bool IsRolledBack(Exception failure) =>
        failure is PostgresException { Severity: "ERROR" } or not NpgsqlException;

    /// <summary>
    /// One round trip reads and holds, and one writes: while a group is written every letter waits for it.
    /// </summary>
    async Task Write(Session session, IReadOnlyList<Entry> group, long since)
    {
        var cancel = CancellationToken.None;
        var now = time.GetUtcNow().UtcDateTime;
        var accepted = group.OfType<Acceptance>().ToList();
        var openings = group.OfType<Opening>().ToList();
        var reading = session.Together();
        // Locked in the order of an unsubscribe, enrollments before intents, so that neither waits for ever.
        var held = EnrollmentStore.HoldMany(
            reading, [.. group.Select(entry => entry.Letter.Intent.EnrollmentId).Distinct()]);
        var acceptances = accepted.Count > 0 ? Accept(reading, accepted, now) : null;
        var situations = openings.Count > 0
            ? SituationReader.Hold(reading, [.. openings.Select(one => one.Letter)], now) : null;
        await reading.Send(cancel);
        var writing = session.Together();
        var enrollments = held.Values.ToDictionary(one => one.Id);
        if (acceptances is not null)
            await Advance(writing, accepted, acceptances, enrollments, now, cancel);
        if (situations is not null)
            await Open(writing, openings, situations, enrollments, since, now, cancel);
        writing.Announce("campaigns", 0);
        await writing.Send(cancel);
        foreach (var entry in openings)
            if (entry.Read() is { } attempt && entry.DraftId is { } draftId)
                await AttemptStore.KeepDraft(session, attempt.Id, draftId, cancel);
    }

    static AcceptancesAsked Accept(Batch reading, IReadOnlyList<Acceptance> accepted, DateTime now) => new(
        AttemptStore.Accept(
            reading,
            [.. accepted.Select(one => new AcceptedAttempt(
                one.AttemptId, one.Yes.Code, one.Yes.ResponseText, one.Letter.Intent, one.Letter.LeadId,
                one.Letter.Mailbox.Address))],
            now),
        NextStep.Read(reading, [.. accepted.Select(one => one.Letter.Intent.EnrollmentId).Distinct()]));

    static Task Advance(
        Batch writing, IReadOnlyList<Acceptance> accepted, AcceptancesAsked asked,
        IReadOnlyDictionary<long, Enrollment> held, DateTime now, CancellationToken cancel)
    {
        var written = asked.Written.Values.ToHashSet();
        foreach (var entry in accepted) entry.IsWritten = written.Contains(entry.AttemptId);
        var moved = accepted.Where(one => one.IsWritten)
            .Select(one => one.Letter.Intent.EnrollmentId).Distinct().Select(id => held[id]);
        return NextStep.AdvanceAll(writing, [.. moved], asked.Ways, now, cancel);
    }

    static async Task Open(
        Batch writing, IReadOnlyList<Opening> openings, SituationsAsked asked,
        IReadOnlyDictionary<long, Enrollment> held, long since, DateTime now, CancellationToken cancel)
    {
        var situations = await SituationReader.Of(
            writing.Session, [.. openings.Select(one => one.Letter)], asked, held, now, cancel);
        var isDryRun = situations[0].Workspace.DryRun;
        // The dry run was switched: carried to the wrong place, and counted for nobody.
        var (right, wrong) = (new List<int>(), new List<int>());
        for (var at = 0; at < openings.Count; at++)
            (isDryRun == (openings[at].Transport == CaptureTransport.Name) ? right : wrong).Add(at);
        foreach (var at in wrong)
            await GiveBack(
                writing.Session, openings[at].Letter, situations[at], SendingRule.Against(situations[at]),
                now, cancel);
        var blockers = SendingRule.AgainstEach([.. right.Select(at => situations[at])]);
        var free = new List<Opening>();
        foreach (var (index, at) in right.Index())
            if (blockers[index].Count == 0) free.Add(openings[at]);
            else
                await GiveBack(
                    writing.Session, openings[at].Letter, situations[at], blockers[index], now, cancel);
        foreach (var group in free.GroupBy(one => (one.Node, one.Transport)))
        {
            var attempts = IntentStore.Submit(
                writing, [.. group.Select(one => one.Letter.Intent)],
                [.. group.Select(one => one.Letter.RecipientDomain)], group.Key.Node, group.Key.Transport,
                now);
            foreach (var entry in group) entry.Await(attempts, since);
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

    sealed record AcceptancesAsked(Rows<long> Written, NextStep.Ways Ways);

    /// <summary>What waits to be written for one workspace; one transaction at a time writes it.</summary>
    sealed class Book
    {
        public Queue<Entry> Waiting { get; } = new();

        public bool IsBeingWritten { get; set; }

        public List<Entry> Take(int most)
        {
            var taken = new List<Entry>();
            lock (this)
                while (taken.Count < most && Waiting.TryDequeue(out var entry)) taken.Add(entry);
            return taken;
        }

        /// <summary>Whether its writer goes on; if not, the next entry needs a new one.</summary>
        public bool HasMore()
        {
            lock (this) return IsBeingWritten = Waiting.Count > 0;
        }
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

        public Task<OpenedAttempt?> Result => result.Task;

        /// <summary>Null as long as, or when, it is given back.</summary>
        OpenedAttempt? attempt;

        (Rows<(long IntentId, long AttemptId)> Rows, long Since)? awaited;

        public void Await(Rows<(long IntentId, long AttemptId)> rows, long since) => awaited = (rows, since);

        public OpenedAttempt? Read()
        {
            attempt = null;
            if (awaited is not { } asked) return null;
            foreach (var (intentId, attemptId) in asked.Rows.Values)
                if (intentId == Letter.Intent.Id) attempt = new OpenedAttempt(attemptId, asked.Since);
            return attempt;
        }

        public override void Committed() => result.SetResult(attempt);

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
