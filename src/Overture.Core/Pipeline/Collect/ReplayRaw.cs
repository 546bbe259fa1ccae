using System.Text.Json.Nodes;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that reads kept payloads again with the readers of this version, and tells which facts would come
/// out otherwise; asked to, it writes them. Nobody is called.
/// </summary>
public sealed class ReplayRaw(Database database) : IJobKind
{
    public const string Name = "replay_raw";
    const int BatchSize = 100;
    const int MostShown = 100;

    public string Kind => Name;

    public sealed record Args(string Provider, bool Apply = false);

    /// <summary>One fact that would come out otherwise; Old is null for a new one, New for a vanished one.</summary>
    public sealed record Change(long RawRecordId, string About, string Field, string? Old, string? New);

    /// <summary>Payloads = Unchanged + Changed + Unreadable + Unknown.</summary>
    public sealed record Summary
    {
        public int Payloads { get; init; }
        public int Unchanged { get; init; }
        public int Changed { get; init; }

        /// <summary>Payloads that this version cannot read; what was read from them stays.</summary>
        public int Unreadable { get; init; }

        /// <summary>Payloads of which no fact stands any more: replaced by later ones, or never learned.</summary>
        public int Unknown { get; init; }

        public int FactsAdded { get; init; }
        public int FactsChanged { get; init; }
        public int FactsRemoved { get; init; }
        public bool IsApplied { get; init; }
        public IReadOnlyList<Change> Changes { get; init; } = [];
    }

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var args = run.Parameters<Args>();
        var provider = ProviderKind.Of(args.Provider).Name;
        var reached = run.Checkpoint<Reached>() ?? new Reached(0, new Summary { IsApplied = args.Apply });
        while (true)
        {
            await using var session = await database.Open(run.WorkspaceId, cancel);
            var total = await RawStore.Count(session, provider, cancel);
            var batch = await RawStore.After(session, provider, reached.LastId, BatchSize, cancel);
            if (batch.Count == 0) return new JobOutcome.Completed(reached.Summary);
            foreach (var raw in batch)
                reached = new Reached(raw.Id, await Replay(session, raw, args.Apply, reached.Summary, cancel));
            await run.SaveCheckpoint(
                session, reached, reached.Summary.Payloads, total, $"Reading payloads of {provider}", cancel);
            await session.Commit(cancel);
        }
    }

    static async Task<Summary> Replay(
        Session session, RawRecord raw, bool apply, Summary sum, CancellationToken cancel)
    {
        sum = sum with { Payloads = sum.Payloads + 1 };
        IReadOnlyList<ReadSubject> read;
        try
        {
            read = RawReading.Of(raw);
        }
        catch (Exception unreadable) when (unreadable is MalformedAnswerException or ArgumentException)
        {
            return sum with { Unreadable = sum.Unreadable + 1 };
        }

        var stored = await RawStore.FactsOf(session, raw.Id, cancel);
        if (stored.Count == 0) return sum with { Unknown = sum.Unknown + 1 };
        var changes = new List<Change>();
        foreach (var subject in stored.GroupBy(fact => (fact.ContactId, fact.CompanyId)))
            if (read.FirstOrDefault(one => one.IsAbout(subject.First())) is { } now)
                changes.AddRange(await Compare(session, raw, [.. subject], now.Facts, apply, cancel));
        if (changes.Count == 0) return sum with { Unchanged = sum.Unchanged + 1 };
        return sum with
        {
            Changed = sum.Changed + 1,
            FactsAdded = sum.FactsAdded + changes.Count(change => change.Old is null),
            FactsRemoved = sum.FactsRemoved + changes.Count(change => change.New is null),
            FactsChanged = sum.FactsChanged
                + changes.Count(change => change.Old is not null && change.New is not null),
            Changes = [.. sum.Changes.Concat(changes).Take(MostShown)],
        };
    }

    static async Task<List<Change>> Compare(
        Session session, RawRecord raw, List<StoredFact> stored, IReadOnlyList<Fact> read, bool apply,
        CancellationToken cancel)
    {
        var changes = new List<Change>();
        var about = About(stored[0]);
        foreach (var fact in read)
        {
            var old = stored.FirstOrDefault(one => one.Field == fact.Field);
            if (old is not null && IsSame(old.Value, fact.Value)) continue;
            if (old is null
                && await RawStore.IsSuperseded(session, stored[0], fact.Field, raw.Provider, raw.Id, cancel))
                continue;
            changes.Add(new Change(raw.Id, about, fact.Field, old?.Value, fact.Value));
            if (!apply) continue;
            if (stored[0].ContactId is { } contact) await FactStore.PutForContact(session, contact, fact, cancel);
            else await FactStore.PutForCompany(session, stored[0].CompanyId!.Value, fact, cancel);
        }

        foreach (var gone in stored.Where(old => read.All(fact => fact.Field != old.Field)))
        {
            changes.Add(new Change(raw.Id, about, gone.Field, gone.Value, null));
            if (apply) await RawStore.DeleteFact(session, gone, raw.Provider, cancel);
        }

        return changes;
    }

    // The database writes JSON in a spelling of its own.
    static bool IsSame(string left, string right) =>
        JsonNode.DeepEquals(JsonNode.Parse(left), JsonNode.Parse(right));

    static string About(StoredFact fact) =>
        fact.ContactId is { } contact ? $"contact {contact}" : $"company {fact.CompanyId}";

    sealed record Reached(long LastId, Summary Summary);
}
