using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Writes what was learned of a lead: facts, filled blanks, objections, and when to ask again.</summary>
public sealed class ApplyLearned(Database database, TimeProvider time)
{
    const int MostTries = 10;
    const int MostNotes = 3;

    /// <summary>One commit per lead; false when somebody else was faster.</summary>
    public Task<bool> Run(long workspaceId, long leadId, Learned learned, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await LeadStore.Hold(session, leadId, cancel) is not { } lead) return false;
                if (lead.State is LeadState.Rejected or LeadState.Closed) return false;
                if (learned.BlockedBy is { } provider)
                {
                    await Object(session, lead, learned, provider, cancel);
                    return true;
                }

                var count = await Write(session, lead, learned, cancel);
                await Move(session, lead, learned, count, cancel);
                await session.Announce("leads", leadId, cancel);
                return true;
            },
            cancel);

    /// <summary>The offline rules alone, in a caller's transaction.</summary>
    public async Task RulesOnly(Session session, Lead lead, EnrichmentMode mode, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var learned = 0;
        if (mode == EnrichmentMode.Offline)
        {
            var (contact, company) = await Record(session, lead, cancel);
            learned = await ApplyRules(session, contact, company, now, cancel);
        }

        await LeadStore.MarkEnriched(session, lead.Id, now, cancel);
        var summary = mode == EnrichmentMode.Off
            ? "Passed on without enrichment: it is switched off"
            : $"Learned {learned} facts by offline rules";
        await ActivityStore.Append(session, lead.Id, "enriched", OfflineRules.Provider, summary, now, cancel);
    }

    internal static async Task<(Contact, Company?)> Record(
        Session session, Lead lead, CancellationToken cancel)
    {
        var contact = await ContactStore.Find(session, lead.ContactId, cancel)
            ?? throw RuleBroken.NotFound("contact", lead.ContactId);
        return (contact, lead.CompanyId is { } id ? await CompanyStore.Find(session, id, cancel) : null);
    }

    async Task<int> Write(Session session, Lead lead, Learned learned, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        // Read anew: an import may have changed the record while providers were asked.
        var (contact, company) = await Record(session, lead, cancel);
        foreach (var fact in learned.ContactFacts)
            await FactStore.PutForContact(session, contact.Id, fact, cancel);
        if (company is not null)
            foreach (var fact in learned.CompanyFacts)
                await FactStore.PutForCompany(session, company.Id, fact, cancel);
        var all = await FactStore.ForLead(session, contact.Id, company?.Id, cancel);
        var believed = FactChoice.Believed(all, now);
        contact = await WriteContact(session, contact, learned, believed, now, cancel);
        if (company is not null) company = await WriteCompany(session, company, believed, now, cancel);
        if (learned.InvalidAddress is { } dead)
            await Suppressions.AddTo(
                session, dead, "invalid", "A verifier says that this address does not exist.", "enrichment", now,
                cancel);
        return learned.ContactFacts.Count + learned.CompanyFacts.Count
            + await ApplyRules(session, contact, company, now, cancel);
    }

    static async Task<Contact> WriteContact(
        Session session, Contact contact, Learned learned, IReadOnlyDictionary<string, Fact> believed,
        DateTime now, CancellationToken cancel)
    {
        var filled = ProviderFacts.Fill(contact, believed);
        if (filled.Email is null) filled = filled with { Email = learned.Contact.Email };
        if (filled == contact) return contact;
        var (emailKey, profileKey) =
            (ContactKey.ForEmail(filled.Email), ContactKey.ForLinkedIn(filled.LinkedInUrl));
        // An address or profile of somebody we know already stays with them.
        if (contact.Email is null && emailKey is not null
            && await ContactStore.FindSame(session, emailKey, null, "", null, cancel) is not null)
        {
            learned.Notes.Add($"The address {filled.Email} belongs to another contact");
            (filled, emailKey) = (filled with { Email = null }, null);
        }

        if (profileKey is not null && contact.LinkedInUrl is null
            && await ContactStore.IsProfileOfAnother(session, profileKey, contact.Id, cancel))
            (filled, profileKey) = (filled with { LinkedInUrl = null }, null);
        await ContactStore.Update(session, filled, emailKey, profileKey, now, cancel);
        return filled;
    }

    static async Task<Company> WriteCompany(
        Session session, Company company, IReadOnlyDictionary<string, Fact> believed, DateTime now,
        CancellationToken cancel)
    {
        var filled = ProviderFacts.Fill(company, believed);
        if (filled == company) return company;
        var name = CompanyName.ForMatching(filled.Name);
        if (company.Domain is null && filled.Domain is not null
            && await CompanyStore.FindSame(session, null, filled.Domain, "", cancel) is not null)
            filled = filled with { Domain = null };
        await CompanyStore.Update(session, filled, name, now, cancel);
        return filled;
    }

    static async Task<int> ApplyRules(
        Session session, Contact contact, Company? company, DateTime now, CancellationToken cancel)
    {
        var (ofContact, ofCompany) = OfflineRules.Learn(contact, company, now);
        foreach (var fact in ofContact) await FactStore.PutForContact(session, contact.Id, fact, cancel);
        foreach (var fact in ofCompany) await FactStore.PutForCompany(session, company!.Id, fact, cancel);
        return ofContact.Count + ofCompany.Count;
    }

    async Task Move(Session session, Lead lead, Learned learned, int count, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (lead.State == LeadState.New) await LeadStore.MarkEnriched(session, lead.Id, now, cancel);
        else await LeadStore.RankAgain(session, lead.Id, now, cancel);
        if (learned.AskAgainAt is not { } at) await GapStore.Delete(session, lead.Id, cancel);
        else if (await GapStore.Tries(session, lead.Id, cancel) < MostTries)
            await GapStore.Put(session, lead.Id, at, learned.AskAgainReason!, cancel);
        else await GapStore.Delete(session, lead.Id, cancel);
        var sources = learned.ContactFacts.Concat(learned.CompanyFacts).Select(fact => fact.Provider)
            .Append(OfflineRules.Provider).Distinct()
            .Select(name => ProviderKind.Find(name)?.Title ?? "offline rules");
        var notes = learned.Notes.Distinct().Take(MostNotes).Select(note => $". {note}");
        await ActivityStore.Append(
            session, lead.Id, "enriched", "waterfall",
            $"Learned {count} facts from {string.Join(", ", sources)}{string.Concat(notes)}", now, cancel);
    }

    /// <summary>Who objected is never processed again: no address, no further question, no message.</summary>
    async Task Object(
        Session session, Lead lead, Learned learned, string provider, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var said = $"{ProviderKind.Find(provider)?.Title ?? provider} may not process this person: they objected";
        if (learned.Contact.Email is { } email)
            await Suppressions.AddTo(session, email, "refused", said + ".", "enrichment", now, cancel);
        await GapStore.Delete(session, lead.Id, cancel);
        await LeadStore.SetState(session, lead.Id, LeadState.Rejected, "objected", now, cancel);
        await ActivityStore.Append(session, lead.Id, "rejected", "waterfall", said, now, cancel);
        await session.Announce("leads", lead.Id, cancel);
    }
}
