using System.Globalization;
using System.Text.Json;
using Overture.Core.Model;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>Turns a Form D filing into companies and the people named in it.</summary>
static class FormDLeads
{
    public const string Source = "sec_edgar";
    public const string Operation = "filing";
    const float Stated = 1f;

    /// <summary>
    /// One entry per person; co-issuers, and a filing that names nobody, come as companies alone.
    /// </summary>
    public static IEnumerable<CollectedLead> From(
        FormDFiling filing, ListedFiling listed, long rawId, DateTime at)
    {
        var detail = $"Form {filing.Form}, {listed.Accession}";
        var company = CompanyOf(filing.Issuer, filing, listed);
        var facts = Facts(filing, rawId, at);
        var people = filing.RelatedPersons.Where(person => !person.IsEntity).ToList();
        var first = new CollectedLead
        {
            Source = Source, Detail = detail, RawRecordId = rawId, Company = company, CompanyFacts = facts,
        };
        if (people.Count == 0) yield return first;
        foreach (var person in people)
            yield return first with { Contact = ContactOf(person),
                ContactFacts = FactsOf(person, rawId, at) };
        foreach (var issuer in filing.CoIssuers)
            yield return first with { Company = CompanyOf(issuer, filing, listed) };
    }

    static Company CompanyOf(FormDIssuer issuer, FormDFiling filing, ListedFiling listed) => new()
    {
        Name = issuer.Name,
        Cik = (issuer.Cik ?? listed.Issuers[0].Cik).ToString(CultureInfo.InvariantCulture),
        Industry = filing.IndustryGroup,
        Country = CountryOf(issuer.Address),
        Region = issuer.Address?.StateOrCountryName is { } region ? Cased(region) : null,
        City = issuer.Address?.City is { } city ? Cased(city) : null,
        Phone = issuer.Phone,
        FoundedYear = issuer.YearOfIncorporation is >= 1000 and <= 2200 ? issuer.YearOfIncorporation : null,
        RaisedUsd = filing.TotalSold is >= 0 and < 1_000_000_000_000_000m ? filing.TotalSold : null,
        RaisedOn = filing.FirstSaleOn ?? listed.FiledOn,
    };

    static Contact ContactOf(RelatedPerson person) => new()
    {
        FullName = Cased(person.FullName),
        FirstName = person.FirstName is { } first ? Cased(first) : null,
        LastName = Cased(person.LastName),
        Title = person.Title,
        City = person.Address?.City is { } city ? Cased(city) : null,
        Region = person.Address?.StateOrCountryName is { } region ? Cased(region) : null,
        Country = CountryOf(person.Address),
    };

    static List<Fact> Facts(FormDFiling filing, long rawId, DateTime at)
    {
        var facts = new List<Fact>();
        Say("offering_usd", filing.TotalOffering);
        Say("raised_usd", filing.TotalSold);
        Say("revenue_range", filing.RevenueRange);
        Say("fund_type", filing.FundType);
        Say("securities", filing.Securities.Count > 0 ? filing.Securities : null);
        Say("first_sale_on", filing.FirstSaleOn);
        Say("investor_count", filing.InvestorCount);
        Say("previous_names", filing.Issuer.PreviousNames.Count > 0 ? filing.Issuer.PreviousNames : null);
        Say("jurisdiction", filing.Issuer.Jurisdiction);
        Say("entity_type", filing.Issuer.EntityType);
        return facts;

        void Say(string field, object? value)
        {
            if (value is not null)
                facts.Add(new Fact(field, JsonSerializer.Serialize(value), Source, Stated, at, rawId));
        }
    }

    static List<Fact> FactsOf(RelatedPerson person, long rawId, DateTime at) =>
        person.Relationships.Count == 0
            ? []
            : [new Fact(
                "relationships", JsonSerializer.Serialize(person.Relationships), Source, Stated, at, rawId)];

    /// <summary>
    /// EDGAR's codes of two letters are US states; those with a digit are countries, whose name is given.
    /// </summary>
    static string? CountryOf(FormDAddress? address) => address?.StateOrCountry switch
    {
        null or "" => null,
        { Length: 2 } code when code.All(char.IsLetter) => "United States",
        _ => address.StateOrCountryName is { } name ? Cased(name) : null,
    };

    /// <summary>Filers write in capitals; people are not addressed that way.</summary>
    static string Cased(string text) =>
        text.Any(char.IsLower)
            ? text
            : CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant());
}
