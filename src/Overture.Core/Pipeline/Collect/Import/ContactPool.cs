using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The people whom one batch of rows may mean, known and new. Rows are matched against it in their order, by
/// the same rules as one person at a time is against the database.
/// </summary>
sealed class ContactPool(AddedIds own)
{
    const string OtherAddress = "The same name at the same company, with another address or profile.";
    const string TwoPeople = "One row names the address of the one and the profile of the other.";

    const long FirstNewOrder = long.MaxValue / 2;

    readonly Dictionary<string, Entry> byEmail = new(StringComparer.Ordinal);
    readonly Dictionary<string, Entry> byLinkedIn = new(StringComparer.Ordinal);
    readonly Dictionary<(long Company, string Name), List<Entry>> byName = [];
    readonly HashSet<long> loaded = [];
    readonly List<Entry> added = [];
    readonly HashSet<Entry> changed = [];

    public List<(Entry Older, Entry Newer, string Reason)> Doubtful { get; } = [];

    public sealed class Entry(Contact current, ContactKeys keys, bool isNew)
    {
        public Contact? Before { get; } = isNew ? null : current;

        public Contact Current { get; set; } = current;

        public ContactKeys Keys { get; set; } = keys;

        /// <summary>What the rows said, together; null for who is this import's own.</summary>
        public Contact? Said { get; set; }

        /// <summary>The first line about them.</summary>
        public long Line { get; set; }

        public bool IsOwn { get; init; }

        public bool IsMentioned => Before is not null && (Said is not null || Current != Before);

        public bool HasLead { get; set; }

        public long Id => Current.Id;

        /// <summary>
        /// Known ones come in the order of their numbers, then new ones in that of their rows.
        /// </summary>
        public required long Order { get; init; }
    }

    /// <summary>People are matched by name only where they have a company that was known before.</summary>
    public static async Task<ContactPool> Load(
        Session session, IReadOnlyList<(Contact Contact, ContactKeys Keys)> incoming,
        IReadOnlySet<long> newCompanies, AddedIds own, CancellationToken cancel)
    {
        var emails = new HashSet<string>(StringComparer.Ordinal);
        var profiles = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<(long Company, string Name)>();
        foreach (var (contact, keys) in incoming)
        {
            if (keys.Email is { } email) emails.Add(email);
            if (keys.Profile is { } profile) profiles.Add(profile);
            if (contact.CompanyId is { } company && !newCompanies.Contains(company))
                names.Add((company, keys.Name));
        }

        var pool = new ContactPool(own);
        if (emails.Count > 0 || profiles.Count > 0)
            pool.Add(await ImportContactStore.WithKeys(session, [.. emails], [.. profiles], cancel));
        var pairs = names.ToList();
        if (pairs.Count > 0)
            pool.Add(await ImportContactStore.WithNames(
                session, pairs.Column(pair => pair.Company), pairs.Column(pair => pair.Name), cancel));
        return pool;
    }

    /// <summary>Everybody who was known before this batch.</summary>
    public List<Entry> Known { get; } = [];

    public (Entry Contact, IntakeEffect Effect) Take(
        Contact incoming, ContactKeys keys, long line, DuplicateRule rule)
    {
        if (Find(keys, incoming.CompanyId) is not { } known)
            return (AddNew(incoming, keys), IntakeEffect.Added);
        // Address and profile may belong to two people we know: the address decides, the profile stays where
        // it is.
        if (keys.Profile is { } profile && byLinkedIn.TryGetValue(profile, out var other) && other != known)
        {
            Doubtful.Add((known, other, TwoPeople));
            incoming = incoming with { LinkedInUrl = null };
        }

        if (known is { Before: not null, IsOwn: false }) Say(known, incoming, line, rule);
        var merged = Merge.Contacts(known.Current, incoming, rule);
        if (merged == known.Current) return (known, IntakeEffect.Unchanged);
        Change(known, merged);
        return (known, IntakeEffect.Updated);
    }

    /// <summary>Gives the new people their numbers, and writes everything in two statements.</summary>
    public async Task Write(Session session, DateTime now, CancellationToken cancel)
    {
        var ids = await ImportContactStore.Reserve(session, added.Count, cancel);
        own.Add(ids);
        for (var at = 0; at < added.Count; at++) added[at].Current = added[at].Current with { Id = ids[at] };
        await ImportContactStore.Insert(
            session, added.Column(entry => entry.Current), added.Column(entry => entry.Keys.Email),
            added.Column(entry => entry.Keys.Profile), now, cancel);
        var known = Changed();
        await ImportContactStore.Update(
            session, known.Column(entry => entry.Current), known.Column(entry => entry.Keys.Email),
            known.Column(entry => entry.Keys.Profile), now, cancel);
    }

    public long[] Added() => added.Column(entry => entry.Id);

    /// <summary>What was said of each of the added.</summary>
    public short[] Marks() =>
        Mentions.Marks(added.Column(entry => RecordFields.Of(entry.Current)), RecordFields.OfContact.Count);

    public IReadOnlyList<Entry> Changed() =>
        [.. changed.Where(entry => entry.Before is not null).OrderBy(entry => entry.Id)];

    static void Say(Entry entry, Contact incoming, long line, DuplicateRule rule)
    {
        if (entry.Said is null) entry.Line = line;
        entry.Said = entry.Said is null ? incoming : Merge.Contacts(entry.Said, incoming, rule);
    }

    Entry? Find(ContactKeys keys, long? company)
    {
        if (keys.Email is { } email && byEmail.TryGetValue(email, out var addressed)) return addressed;
        if (keys.Profile is { } profile && byLinkedIn.TryGetValue(profile, out var profiled)) return profiled;
        return Namesakes(company, keys)?.Find(entry =>
            (keys.Email is null || entry.Keys.Email is null)
            && (keys.Profile is null || entry.Keys.Profile is null));
    }

    Entry AddNew(Contact incoming, ContactKeys keys)
    {
        var entry = new Entry(incoming, keys, isNew: true) { Order = FirstNewOrder + added.Count };
        if (Namesakes(incoming.CompanyId, keys) is { Count: > 0 } namesakes)
            Doubtful.Add((namesakes[0], entry, OtherAddress));
        Add(entry);
        added.Add(entry);
        return entry;
    }

    void Add(IReadOnlyList<Contact> known)
    {
        foreach (var contact in known)
        {
            if (!loaded.Add(contact.Id)) continue;
            var entry = new Entry(contact, ContactKeys.Of(contact), isNew: false)
            {
                Order = contact.Id, IsOwn = own.Contains(contact.Id),
            };
            Known.Add(entry);
            Add(entry);
        }
    }

    void Add(Entry entry)
    {
        if (entry.Keys.Email is { } email) byEmail.TryAdd(email, entry);
        if (entry.Keys.Profile is { } profile) byLinkedIn.TryAdd(profile, entry);
        AddName(entry);
    }

    void AddName(Entry entry)
    {
        if (entry.Current.CompanyId is not { } company) return;
        if (!byName.TryGetValue((company, entry.Keys.Name), out var namesakes))
            byName[(company, entry.Keys.Name)] = namesakes = [];
        var at = namesakes.FindIndex(other => other.Order > entry.Order);
        if (at < 0) namesakes.Add(entry);
        else namesakes.Insert(at, entry);
    }

    void Change(Entry entry, Contact merged)
    {
        changed.Add(entry);
        Namesakes(entry.Current.CompanyId, entry.Keys)?.Remove(entry);
        entry.Current = merged;
        entry.Keys = ContactKeys.Of(merged);
        Add(entry);
    }

    List<Entry>? Namesakes(long? company, ContactKeys keys) =>
        company is { } known ? byName.GetValueOrDefault((known, keys.Name)) : null;
}
