using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>The person a step is for, with the values of the merge fields.</summary>
public sealed record LeadInUse(Lead Lead, Contact Contact, IReadOnlyDictionary<string, object> Fields);

/// <summary>
/// Everybody a batch of enrollments is about, and what was written to them before: read together, because
/// one by one the reading costs more than the writing.
/// </summary>
sealed class People
{
    readonly IReadOnlyDictionary<long, Lead> leads;
    readonly IReadOnlyDictionary<long, Contact> contacts;
    readonly IReadOnlyDictionary<long, Company> companies;
    readonly ILookup<long?, OwnedFact> ofContacts;
    readonly ILookup<long?, OwnedFact> ofCompanies;
    readonly HashSet<(long EnrollmentId, long StepId)> written;
    readonly Suppressed suppressed;

    People(Reading read, Suppressed suppressed)
    {
        leads = read.Leads.Values.ToDictionary(one => one.Id);
        contacts = read.Contacts.Values.ToDictionary(one => one.Id);
        companies = read.Companies.Values.ToDictionary(one => one.Id);
        ofContacts = read.Facts.Values.ToLookup(one => one.ContactId);
        ofCompanies = read.Facts.Values.ToLookup(one => one.CompanyId);
        written = [.. read.Written.Values];
        this.suppressed = suppressed;
    }

    public static async Task<People> Load(
        Session session, IReadOnlyList<Enrollment> due, CancellationToken cancel)
    {
        long[] leadIds = [.. due.Select(one => one.LeadId).Distinct()];
        long[] contactIds = [.. due.Select(one => one.ContactId).Distinct()];
        var batch = session.Together();
        var read = new Reading(
            LeadStore.FindMany(batch, leadIds), ContactStore.FindMany(batch, contactIds),
            CompanyStore.OfLeads(batch, leadIds), FactStore.ForLeads(batch, leadIds, contactIds),
            MessageStore.StepsWritten(batch, [.. due.Select(one => one.Id)]));
        await batch.Send(cancel);
        var asking = session.Together();
        var suppressed = SuppressionStore.Matching(asking, read.Contacts.Values.Select(one => one.Email));
        await asking.Send(cancel);
        return new People(read, suppressed);
    }

    /// <summary>The person of an enrollment, as this mailbox would write to them.</summary>
    public LeadInUse Of(Enrollment enrollment, Mailbox mailbox)
    {
        var lead = leads.GetValueOrDefault(enrollment.LeadId)
            ?? throw RuleBroken.NotFound("lead", enrollment.LeadId);
        var contact = contacts.GetValueOrDefault(enrollment.ContactId)
            ?? throw RuleBroken.NotFound("contact", enrollment.ContactId);
        var company = lead.CompanyId is { } id ? companies.GetValueOrDefault(id) : null;
        var facts = ofContacts[contact.Id]
            .Concat(lead.CompanyId is { } owner ? ofCompanies[owner] : [])
            .OrderBy(fact => fact.Field, StringComparer.Ordinal)
            .ThenByDescending(fact => fact.ObservedAt).Select(fact => fact.ToFact());
        return new LeadInUse(lead, contact, MergeFields.For(contact, company, [.. facts], mailbox));
    }

    public string? Suppression(Contact contact) => suppressed.Reason(contact.Email);

    /// <summary>Whether this step was written to this enrollment before: that never happens twice.</summary>
    public bool WasWritten(Enrollment enrollment, Step step) => written.Contains((enrollment.Id, step.Id));

    sealed record Reading(
        Rows<Lead> Leads, Rows<Contact> Contacts, Rows<Company> Companies, Rows<OwnedFact> Facts,
        Rows<(long EnrollmentId, long StepId)> Written);
}
