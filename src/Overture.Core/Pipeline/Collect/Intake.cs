using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The one way in: whatever a source found is matched against what is known, merged by the duplicate rule,
/// and opened as a lead. Taking the same thing in twice changes nothing.
/// </summary>
public sealed class Intake(TimeProvider time)
{
    public async Task<IntakeResult> Take(
        Session session, CollectedLead found, DuplicateRule rule, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (companyId, companyEffect) = await TakeCompany(session, found, rule, now, cancel);
        foreach (var fact in found.CompanyFacts)
            if (companyId is { } id) await FactStore.PutForCompany(session, id, fact, cancel);
        if (found.Contact is null)
            return new IntakeResult(companyEffect, IntakeEffect.None, IntakeEffect.None, null, null);

        var (contactId, contactEffect) = await TakeContact(session, found, companyId, rule, now, cancel);
        foreach (var fact in found.ContactFacts)
            await FactStore.PutForContact(session, contactId, fact, cancel);
        var suppression = await SuppressionStore.Matching(session, found.Contact.Email, cancel);
        var leadId = await LeadStore.Insert(
            session, contactId, companyId, found.Source, found.Detail, found.RawRecordId, now, cancel);
        var place = found.Detail is null ? found.Source : $"{found.Source} ({found.Detail})";
        if (leadId is null)
        {
            var known = await LeadStore.FindByContact(session, contactId, cancel);
            // An import that brought them is not alone with them any more.
            await ActivityStore.AppendFirst(
                session, known!.Value, "collected", found.Source, $"Found in {place} too", now, cancel);
            return new IntakeResult(companyEffect, contactEffect, IntakeEffect.Unchanged, suppression, known);
        }

        await ActivityStore.Append(
            session, leadId.Value, "collected", found.Source, $"Found in {place}", now, cancel);
        return new IntakeResult(companyEffect, contactEffect, IntakeEffect.Added, suppression, leadId);
    }

    static async Task<(long? Id, IntakeEffect Effect)> TakeCompany(
        Session session, CollectedLead found, DuplicateRule rule, DateTime now, CancellationToken cancel)
    {
        if (found.Company is not { } incoming) return (null, IntakeEffect.None);
        incoming = incoming with { Source = found.Source };
        var matchName = CompanyName.ForMatching(incoming.Name);
        var known = await CompanyStore.FindSame(session, incoming.Cik, incoming.Domain, matchName, cancel);
        if (known is null)
            return (await CompanyStore.Insert(session, incoming, matchName, now, cancel), IntakeEffect.Added);
        var merged = Merge.Companies(known, incoming, rule);
        if (merged == known) return (known.Id, IntakeEffect.Unchanged);
        await CompanyStore.Update(session, merged, CompanyName.ForMatching(merged.Name), now, cancel);
        return (known.Id, IntakeEffect.Updated);
    }

    static async Task<(long Id, IntakeEffect Effect)> TakeContact(
        Session session, CollectedLead found, long? companyId, DuplicateRule rule, DateTime now,
        CancellationToken cancel)
    {
        var incoming = found.Contact! with { Source = found.Source, CompanyId = companyId };
        var emailKey = ContactKey.ForEmail(incoming.Email);
        var linkedInKey = ContactKey.ForLinkedIn(incoming.LinkedInUrl);
        var known = await ContactStore.FindSame(
            session, emailKey, linkedInKey, incoming.FullName, companyId, cancel);
        if (known is null)
        {
            var id = await ContactStore.Insert(session, incoming, emailKey, linkedInKey, now, cancel);
            return (id, IntakeEffect.Added);
        }

        // Address and profile may belong to two people we know: the address decides, the profile stays where
        // it is.
        if (linkedInKey is not null
            && await ContactStore.IsProfileOfAnother(session, linkedInKey, known.Id, cancel))
            incoming = incoming with { LinkedInUrl = null };
        var merged = Merge.Contacts(known, incoming, rule);
        if (merged == known) return (known.Id, IntakeEffect.Unchanged);
        await ContactStore.Update(
            session, merged, ContactKey.ForEmail(merged.Email), ContactKey.ForLinkedIn(merged.LinkedInUrl),
            now, cancel);
        return (known.Id, IntakeEffect.Updated);
    }
}
