using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Takes one batch of an import back, in the transaction that it is given.</summary>
sealed class UndoBatch(Session session, long importId, ImportBatch batch, DateTime now)
{
    public async Task<UndoImport.Summary> Run(UndoImport.Summary done, CancellationToken cancel)
    {
        var people = batch.AddedContacts.Union(batch.LeadContacts).ToArray();
        var changed = await Changes(MentionKind.Contact, cancel);
        var later = await Later(MentionKind.Contact, people, changed, cancel);
        var held = people.Where(later.Contains).ToHashSet();
        held.ExceptWith(await ImportUndoStore.Used(session, [.. held], cancel));
        var leads = await ImportUndoStore.RemoveLeads(
            session, [.. batch.LeadContacts.Except(held)], cancel);
        var removed = await ImportUndoStore.RemoveContacts(
            session, [.. batch.AddedContacts.Except(held)], cancel);

        var undo = new RecordUndo(MentionKind.Contact);
        undo.TakeAdded(batch.AddedContacts, batch.ContactMarks, held, later);
        undo.TakeChanged(changed, later);
        await undo.KeepWords(session, cancel);
        var restored = await RestoreContacts(undo, cancel);
        await ImportUndoStore.MoveLeads(session, [.. held], now, cancel);
        await InheritContacts(undo, held, later, cancel);

        var (companiesRemoved, companiesRestored, companiesHeld) = await TakeBackCompanies(cancel);
        var addedHeld = batch.AddedContacts.Count(held.Contains);
        return done with
        {
            LeadsRemoved = done.LeadsRemoved + leads, ContactsRemoved = done.ContactsRemoved + removed,
            ContactsKept = done.ContactsKept + batch.AddedContacts.Length - removed - addedHeld,
            ContactsHeld = done.ContactsHeld + held.Count,
            CompaniesRemoved = done.CompaniesRemoved + companiesRemoved,
            ContactsRestored = done.ContactsRestored + restored.Count(id => !held.Contains(id)),
            CompaniesRestored = done.CompaniesRestored + companiesRestored,
            CompaniesHeld = done.CompaniesHeld + companiesHeld,
            HeldBy = HeldBy.Sum(done.HeldBy.Concat(held.Select(id => later[id].First())
                .Select(word => new HeldBy(word.ImportId, word.FileName, 1)))),
        };
    }

    async Task<(int Removed, int Restored, int Held)> TakeBackCompanies(CancellationToken cancel)
    {
        var changed = await Changes(MentionKind.Company, cancel);
        var later = await Later(MentionKind.Company, batch.AddedCompanies, changed, cancel);
        var held = batch.AddedCompanies.Where(later.Contains).ToHashSet();
        var undo = new RecordUndo(MentionKind.Company);
        undo.TakeAdded(batch.AddedCompanies, batch.CompanyMarks, held, later);
        undo.TakeChanged(changed, later);
        await undo.KeepWords(session, cancel);
        var restored = await RestoreCompanies(undo, cancel);
        foreach (var (mention, marks) in undo.Founders)
            await ImportBatchStore.Inherit(
                session, mention.ImportId, new ImportBatch
                {
                    Number = mention.Number, AddedCompanies = [mention.RecordId], CompanyMarks = marks,
                }, cancel);
        var removed = await ImportUndoStore.RemoveCompanies(
            session, [.. batch.AddedCompanies.Except(held)], cancel);
        return (removed, restored.Count(id => !held.Contains(id)), held.Count);
    }

    Task<IReadOnlyList<ImportMention>> Changes(MentionKind kind, CancellationToken cancel) =>
        ImportMentionStore.Changes(session, importId, batch.Number, kind, cancel);

    Task<ILookup<long, ImportMention>> Later(
        MentionKind kind, long[] held, IReadOnlyList<ImportMention> changed, CancellationToken cancel) =>
        ImportMentionStore.OfOthers(
            session, importId, kind, held.Concat(changed.Select(mention => mention.RecordId)), cancel);

    async Task<IReadOnlyList<long>> RestoreContacts(RecordUndo undo, CancellationToken cancel)
    {
        var restored = new List<Contact>();
        foreach (var contact in await ImportContactStore.Find(session, undo.Records, cancel))
            if (undo.Back(contact.Id, RecordFields.Of(contact)) is { } back)
                restored.Add(RecordFields.With(contact, back));
        var places = await ImportCompanyStore.LastChanges(
            session, [.. restored.Select(contact => contact.CompanyId).OfType<long>()], cancel);
        var standing = places.Select(place => place.Id).ToHashSet();
        var known = await ImportContactStore.WithKeys(
            session, [.. restored.Select(contact => ContactKey.ForEmail(contact.Email)).OfType<string>()],
            [.. restored.Select(contact => ContactKey.ForLinkedIn(contact.LinkedInUrl)).OfType<string>()],
            cancel);
        var emails = known.ToLookup(contact => ContactKey.ForEmail(contact.Email), contact => contact.Id);
        var profiles = known.ToLookup(
            contact => ContactKey.ForLinkedIn(contact.LinkedInUrl), contact => contact.Id);
        // What somebody else has taken meanwhile, or what is gone, cannot come back.
        restored = [.. restored.Select(contact => contact with
        {
            CompanyId = contact.CompanyId is { } place && standing.Contains(place) ? place : null,
            Email = IsFree(emails[ContactKey.ForEmail(contact.Email)], contact.Id) ? contact.Email : null,
            LinkedInUrl = ContactKey.ForLinkedIn(contact.LinkedInUrl) is not { } profile
                || IsFree(profiles[profile], contact.Id) ? contact.LinkedInUrl : null,
        })];
        await ImportContactStore.Update(
            session, restored, restored.Column(contact => ContactKey.ForEmail(contact.Email)),
            restored.Column(contact => ContactKey.ForLinkedIn(contact.LinkedInUrl)), now, cancel);
        return restored.Column(contact => contact.Id);
    }

    async Task<IReadOnlyList<long>> RestoreCompanies(RecordUndo undo, CancellationToken cancel)
    {
        var restored = new List<Company>();
        foreach (var company in await ImportCompanyStore.Find(session, undo.Records, cancel))
            if (undo.Back(company.Id, RecordFields.Of(company)) is { } back)
                restored.Add(RecordFields.With(company, back));
        var domains = (await ImportCompanyStore.Candidates(
                session, [.. restored.Select(company => company.Domain).OfType<string>()], [], cancel))
            .ToLookup(company => company.Domain, company => company.Id);
        restored = [.. restored.Select(company => company with
        {
            Domain = IsFree(domains[company.Domain], company.Id) ? company.Domain : null,
        })];
        await ImportCompanyStore.Update(
            session, restored, restored.Column(company => CompanyName.ForMatching(company.Name)), now,
            cancel);
        return restored.Column(company => company.Id);
    }

    // The first later import that named somebody holds them from now on, and their lead.
    async Task InheritContacts(
        RecordUndo undo, IReadOnlySet<long> held, ILookup<long, ImportMention> later,
        CancellationToken cancel)
    {
        var marks = undo.Founders.ToDictionary(founder => founder.Mention.RecordId, founder => founder.Marks);
        var opened = batch.LeadContacts.ToHashSet();
        foreach (var group in held.Select(id => later[id].First())
            .GroupBy(mention => (mention.ImportId, mention.Number)))
        {
            var added = group.Where(mention => marks.ContainsKey(mention.RecordId)).ToList();
            var leads = group.Where(mention => opened.Contains(mention.RecordId)).ToList();
            await ImportBatchStore.Inherit(
                session, group.Key.ImportId, new ImportBatch
                {
                    Number = group.Key.Number, AddedContacts = added.Column(mention => mention.RecordId),
                    ContactMarks = [.. added.SelectMany(mention => marks[mention.RecordId])],
                    LeadContacts = leads.Column(mention => mention.RecordId),
                    LeadCompanies = leads.Column(_ => (long?)null),
                    LeadLines = leads.Column(mention => mention.Line ?? 0),
                }, cancel);
            await ImportUndoStore.NameSource(
                session, group.First().FileName, leads.Column(mention => mention.RecordId),
                leads.Column(mention => mention.Line), cancel);
        }
    }

    static bool IsFree(IEnumerable<long> holders, long id) => holders.All(holder => holder == id);
}
