using System.Globalization;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>Whom a payload tells of, and the facts read from it.</summary>
sealed record ReadSubject(Func<StoredFact, bool> IsAbout, IReadOnlyList<Fact> Facts);

/// <summary>Reads a kept payload into the facts that taking it in would give.</summary>
static class RawReading
{
    /// <exception cref="MalformedAnswerException">This version cannot read the payload.</exception>
    /// <exception cref="ArgumentException">Nobody knows which call it answers.</exception>
    public static IReadOnlyList<ReadSubject> Of(RawRecord raw)
    {
        var operation = raw.Operation ?? throw new ArgumentException("The payload names no call.");
        var read = ProviderParse.Reader(raw.Provider, operation)
            ?? throw new ArgumentException($"There is no reader of {operation}.");
        return read(raw.Content) switch
        {
            FormDFiling filing => OfFiling(filing, raw),
            PersonFacts person => OfPerson(person, raw),
            CompanyFacts company => [OfCompany(company, raw)],
            SearchPage<CompanyFacts> { Items: [var first, ..] } => [OfCompany(first, raw)],
            EmailVerification check =>
                [new(fact => fact.ContactId is not null,
                    [ProviderFacts.Check(check, raw.Provider, raw.FetchedAt, raw.Id)])],
            _ => [],
        };
    }

    static List<ReadSubject> OfPerson(PersonFacts person, RawRecord raw)
    {
        var facts = Waterfall.FactsOf(person, raw.Provider, raw.FetchedAt, raw.Id);
        List<ReadSubject> subjects = [new(fact => fact.ContactId is not null, facts)];
        if (person.Company is { } company) subjects.Add(OfCompany(company, raw));
        return subjects;
    }

    static ReadSubject OfCompany(CompanyFacts company, RawRecord raw) =>
        new(fact => fact.CompanyId is not null,
            ProviderFacts.Of(company, raw.Provider, raw.FetchedAt, raw.Id));

    static List<ReadSubject> OfFiling(FormDFiling filing, RawRecord raw)
    {
        var cik = filing.Issuer.Cik ?? 0;
        var listed = new ListedFiling(
            raw.ExternalId, filing.Form, DateOnly.FromDateTime(raw.FetchedAt),
            [new ListedIssuer(cik, filing.Issuer.Name)], 1);
        var leads = FormDLeads.From(filing, listed, raw.Id, raw.FetchedAt).ToList();
        List<ReadSubject> subjects =
        [
            .. leads.Where(lead => lead.Contact is not null).Select(lead => new ReadSubject(
                fact => fact.FullName == lead.Contact!.FullName, lead.ContactFacts)),
            .. leads.Where(lead => lead.Company is not null).DistinctBy(lead => lead.Company!.Cik).Select(
                lead => new ReadSubject(
                    fact => fact.CompanyId is not null
                        && fact.Cik == lead.Company!.Cik!.ToString(CultureInfo.InvariantCulture),
                    lead.CompanyFacts)),
        ];
        return subjects;
    }
}
