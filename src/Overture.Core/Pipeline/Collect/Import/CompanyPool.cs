using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The companies that one batch of rows may mean, known and new. Rows are matched against it in their order,
/// by the same rules as one company at a time is against the database.
/// </summary>
sealed class CompanyPool(CompanyMemory memory)
{
    const long FirstNewOrder = long.MaxValue / 2;

    readonly Dictionary<string, Entry> byDomain = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Entry>> byName = new(StringComparer.Ordinal);
    readonly List<Entry> added = [];
    readonly HashSet<Entry> changed = [];

    /// <summary>Pairs that may be one company: the same name under two domains.</summary>
    public List<(Entry Older, Entry Newer)> Doubtful { get; } = [];

    public sealed class Entry(Company current, string matchName, bool isNew)
    {
        public Company? Before { get; } = isNew ? null : current;

        public Company Current { get; set; } = current;

        public string MatchName { get; set; } = matchName;

        /// <summary>What the rows said, those of earlier batches included.</summary>
        public Company? Said { get; set; }

        /// <summary>Whether this batch added to what was said.</summary>
        public bool SaysMore { get; set; }

        public bool IsMentioned => Before is not null && (SaysMore || Current != Before);

        public long Id => Current.Id;

        /// <summary>
        /// Known ones come in the order of their numbers, then new ones in that of their rows.
        /// </summary>
        public required long Order { get; init; }
    }

    /// <summary>Everything that was known before this batch.</summary>
    public List<Entry> Known { get; } = [];

    public static async Task<CompanyPool> Load(
        Session session, IReadOnlyList<FoundCompany> incoming, CompanyMemory memory, CancellationToken cancel)
    {
        var pool = new CompanyPool(memory);
        var standing = await memory.Standing(
            session, incoming.Select(company => company.Company.Domain).OfType<string>(), cancel);
        foreach (var company in standing.Values) pool.AddKnown(company);
        var domains = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var company in incoming)
        {
            // A company that has its domain is the one, whatever others are called.
            if (company.Company.Domain is { } domain
                && (standing.ContainsKey(domain) || !domains.Add(domain))) continue;
            names.Add(company.MatchName);
        }

        if (names.Count == 0) return pool;
        var known = await ImportCompanyStore.Candidates(session, [.. domains], [.. names], cancel);
        foreach (var company in known)
            if (company.Domain is null || !standing.ContainsKey(company.Domain)) pool.AddKnown(company);
        return pool;
    }

    public (Entry Company, IntakeEffect Effect) Take(Company incoming, string matchName, DuplicateRule rule)
    {
        if (Find(incoming.Domain, matchName) is not { } known)
        {
            var entry = new Entry(incoming, matchName, isNew: true) { Order = FirstNewOrder + added.Count };
            if (byName.TryGetValue(matchName, out var alike)) Doubtful.Add((alike[0], entry));
            Add(entry);
            added.Add(entry);
            return (entry, IntakeEffect.Added);
        }

        if (known.Before is not null && !memory.IsOwn(known.Id)) Say(known, incoming, rule);
        var merged = Merge.Companies(known.Current, incoming, rule);
        if (merged == known.Current) return (known, IntakeEffect.Unchanged);
        Change(known, merged);
        return (known, IntakeEffect.Updated);
    }

    /// <summary>Gives the new companies their numbers, and writes everything in two statements.</summary>
    public async Task Write(Session session, DateTime now, CancellationToken cancel)
    {
        var ids = await ImportCompanyStore.Reserve(session, added.Count, cancel);
        memory.Own(ids);
        for (var at = 0; at < added.Count; at++) added[at].Current = added[at].Current with { Id = ids[at] };
        await ImportCompanyStore.Insert(
            session, added.Column(entry => entry.Current), added.Column(entry => entry.MatchName), now,
            cancel);
        var known = Changed();
        await ImportCompanyStore.Update(
            session, known.Column(entry => entry.Current), known.Column(entry => entry.MatchName), now,
            cancel);
    }

    /// <summary>All of them as they stand now, and what was said of those who are not our own.</summary>
    public IEnumerable<(Company Company, Company? Said)> Written(DateTime now)
    {
        // The database keeps microseconds.
        var kept = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        foreach (var entry in byDomain.Values)
            yield return (entry.Before is null || changed.Contains(entry)
                ? entry.Current with { UpdatedAt = kept } : entry.Current, entry.Said);
    }

    public long[] Added() => added.Column(entry => entry.Id);

    /// <summary>What was said of each of the added.</summary>
    public short[] Marks() =>
        Mentions.Marks(added.Column(entry => RecordFields.Of(entry.Current)), RecordFields.OfCompany.Count);

    public IReadOnlyList<Entry> Changed() =>
        [.. changed.Where(entry => entry.Before is not null).OrderBy(entry => entry.Id)];

    static void Say(Entry entry, Company incoming, DuplicateRule rule)
    {
        var said = entry.Said is null ? incoming : Merge.Companies(entry.Said, incoming, rule);
        if (said == entry.Said) return;
        (entry.Said, entry.SaysMore) = (said, true);
    }

    Entry? Find(string? domain, string matchName)
    {
        if (domain is not null && byDomain.TryGetValue(domain, out var same)) return same;
        return byName.TryGetValue(matchName, out var alike)
            ? alike.Find(entry => domain is null || entry.Current.Domain is null)
            : null;
    }

    void AddKnown(Company company)
    {
        var entry = new Entry(company, CompanyName.ForMatching(company.Name), isNew: false)
        {
            Order = company.Id, Said = memory.SaidOf(company.Id),
        };
        Known.Add(entry);
        Add(entry);
    }

    void Add(Entry entry)
    {
        if (entry.Current.Domain is { } domain) byDomain.TryAdd(domain, entry);
        AddName(entry);
    }

    void AddName(Entry entry)
    {
        if (!byName.TryGetValue(entry.MatchName, out var alike)) byName[entry.MatchName] = alike = [];
        var at = alike.FindIndex(other => other.Order > entry.Order);
        if (at < 0) alike.Add(entry);
        else alike.Insert(at, entry);
    }

    void Change(Entry entry, Company merged)
    {
        changed.Add(entry);
        var isRenamed = merged.Name != entry.Current.Name;
        entry.Current = merged;
        if (merged.Domain is { } domain) byDomain.TryAdd(domain, entry);
        if (!isRenamed) return;
        byName[entry.MatchName].Remove(entry);
        if (byName[entry.MatchName].Count == 0) byName.Remove(entry.MatchName);
        entry.MatchName = CompanyName.ForMatching(merged.Name);
        AddName(entry);
    }
}
