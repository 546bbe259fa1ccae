using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a batch did: the effect of each lead in order, and the record that can undo it.</summary>
sealed record BulkResult(
    IntakeResult[] Results, ImportBatch Batch, IReadOnlyList<ImportMention> Companies,
    IReadOnlyList<ImportMention> Contacts, Lazy<LeadListing> Listing,
    IReadOnlyList<DoubtfulPair> Doubtful);

/// <summary>
/// Takes in thousands of rows with a dozen statements. What is known is read first, then the rows are matched
/// and merged one after the other in memory, by the rules of <see cref="Intake"/>, and the outcome is
/// written. Leads are opened afterwards by <see cref="ImportBatchStore.OpenLeads"/>.
/// </summary>
sealed class BulkIntake(TimeProvider time)
{
    readonly CompanyMemory memory = new();
    readonly AddedIds own = new();

    public async Task<BulkResult> Take(
        Session session, long importId, int number, string source, IReadOnlyList<FoundLead> found,
        DuplicateRule rule, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await ImportBatchStore.JoinByKeys(session, true, cancel);
        var companies = await CompanyPool.Load(
            session, [.. found.Select(lead => lead.Company).OfType<FoundCompany>()], memory, cancel);
        var taken = found.Column(lead => lead.Company is { } company
            ? companies.Take(company.Company with { Source = source }, company.MatchName, rule)
            : ((CompanyPool.Entry Company, IntakeEffect Effect)?)null);
        await companies.Write(session, now, cancel);
        memory.Remember(companies.Written(now));

        var people = new Contact?[found.Count];
        for (var at = 0; at < people.Length; at++)
            people[at] = found[at].Contact is { } contact
                ? contact with { Source = source, CompanyId = taken[at]?.Company.Id } : null;
        var contacts = await ContactPool.Load(
            session, People(people, found), companies.Added().ToHashSet(), own, cancel);
        await MarkLeads(session, importId, contacts, cancel);
        var suppressed = await Suppressed(session, found, cancel);
        var leads = new List<OpenedLead>();
        var results = new IntakeResult[found.Count];
        for (var at = 0; at < results.Length; at++)
            results[at] = Take(
                people[at], found[at], taken[at], contacts, rule, suppressed, leads);
        await contacts.Write(session, now, cancel);
        await ImportBatchStore.JoinByKeys(session, false, cancel);
        var batch = new ImportBatch
        {
            Number = number, AddedCompanies = companies.Added(), AddedContacts = contacts.Added(),
            CompanyMarks = companies.Marks(), ContactMarks = contacts.Marks(),
            LeadContacts = leads.Column(lead => lead.Contact.Id),
            LeadCompanies = leads.Column(lead => lead.Company?.Id),
            LeadLines = leads.Column(lead => lead.Line),
        };
        // The words are put together by whoever opens the leads, while the next batch is written.
        var listing = new Lazy<LeadListing>(() => Listed(leads, source));
        return new BulkResult(
            results, batch, Mentions.Of(companies.Known), Mentions.Of(contacts.Known), listing,
            Doubtful(companies, contacts));
    }

    /// <summary>Nothing of the last batch was kept.</summary>
    public void Forget() => memory.Forget();

    static IntakeResult Take(
        Contact? incoming, FoundLead found, (CompanyPool.Entry Company, IntakeEffect Effect)? company,
        ContactPool contacts, DuplicateRule rule, HashSet<string> suppressed, List<OpenedLead> leads)
    {
        var companyEffect = company?.Effect ?? IntakeEffect.None;
        if (incoming is null)
            return new IntakeResult(companyEffect, IntakeEffect.None, IntakeEffect.None, null, null);
        var suppression = IsSuppressed(suppressed, incoming.Email) ? "suppressed" : null;
        var (contact, effect) = contacts.Take(incoming, found.Keys, found.Line, rule);
        if (contact.HasLead)
            return new IntakeResult(companyEffect, effect, IntakeEffect.Unchanged, suppression, null);
        contact.HasLead = true;
        leads.Add(new OpenedLead(contact, company?.Company, found.Line));
        return new IntakeResult(companyEffect, effect, IntakeEffect.Added, suppression, null);
    }

    static List<(Contact, ContactKeys)> People(Contact?[] people, IReadOnlyList<FoundLead> found)
    {
        var some = new List<(Contact, ContactKeys)>(people.Length);
        for (var at = 0; at < people.Length; at++)
            if (people[at] is { } person) some.Add((person, found[at].Keys));
        return some;
    }

    static LeadListing Listed(List<OpenedLead> leads, string source) => new()
    {
        Contacts = leads.Column(lead => lead.Contact.Id),
        NameKeys = leads.Column(lead => SearchText.Key(lead.Contact.Current.FullName)!),
        CompanyKeys = leads.Column(lead => SearchText.Key(lead.Company?.Current.Name)),
        Words = leads.Column(
            lead => SearchText.Words(lead.Contact.Current, lead.Company?.Current, source)),
        Industries = Distinct(leads, lead => lead.Company?.Current.Industry),
        Countries = Distinct(leads, lead => lead.Contact.Current.Country ?? lead.Company?.Current.Country),
        Source = source,
    };

    static string[] Distinct(List<OpenedLead> leads, Func<OpenedLead, string?> value) =>
        [.. leads.Select(value).Where(text => !string.IsNullOrEmpty(text)).Distinct().OfType<string>()];

    static async Task MarkLeads(
        Session session, long importId, ContactPool contacts, CancellationToken cancel)
    {
        var withLead = await ImportBatchStore.WithLead(
            session, importId, contacts.Known.Column(entry => entry.Id), cancel);
        foreach (var entry in contacts.Known) entry.HasLead = withLead.Contains(entry.Id);
    }

    static Task<HashSet<string>> Suppressed(
        Session session, IReadOnlyList<FoundLead> found, CancellationToken cancel)
    {
        var addresses = found.Select(lead => lead.Keys.Email).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var domains = addresses.SelectMany(SuppressionStore.DomainsOf).ToHashSet(StringComparer.Ordinal);
        return ImportBatchStore.Suppressed(session, [.. addresses], [.. domains], cancel);
    }

    static bool IsSuppressed(HashSet<string> suppressed, string? email) =>
        suppressed.Count > 0 && ContactKey.ForEmail(email) is { } key
        && (suppressed.Contains(key) || SuppressionStore.DomainsOf(key).Any(suppressed.Contains));

    static List<DoubtfulPair> Doubtful(CompanyPool companies, ContactPool contacts) =>
    [
        .. companies.Doubtful.Select(pair => DoubtfulPair.OfCompanies(pair.Older.Id, pair.Newer.Id)),
        .. contacts.Doubtful.Select(
            pair => DoubtfulPair.OfContacts(pair.Older.Id, pair.Newer.Id, pair.Reason)),
    ];
}

/// <summary>Somebody whose lead is to be opened.</summary>
sealed record OpenedLead(ContactPool.Entry Contact, CompanyPool.Entry? Company, long Line);
