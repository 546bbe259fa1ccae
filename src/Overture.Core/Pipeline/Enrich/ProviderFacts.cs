using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;

namespace Overture.Core.Pipeline;

/// <summary>
/// Turns what a provider says into facts, field by field, under the names that all sources share.
/// </summary>
static class ProviderFacts
{
    const float Usual = 0.8f;
    const int LongestText = 2_000;
    const int MostPositions = 50;

    public static List<Fact> Of(PersonFacts person, string provider, DateTime at, long? rawId)
    {
        var said = new Said(provider, (float)Math.Clamp(person.Confidence ?? Usual, 0, 1), at, rawId);
        said.Text("title", person.Title);
        said.Text("seniority", person.Seniority);
        said.Text("department", person.Department);
        said.Text("headline", person.Headline);
        said.Text("linkedin_url", person.LinkedInUrl);
        said.Text("twitter", person.Twitter);
        said.Text("phone", person.Phones.Count > 0 ? person.Phones[0] : null);
        said.Text("city", person.City);
        said.Text("region", person.Region);
        said.Text("country", person.Country);
        if (person.Positions.Count > 0)
            said.Value(HeldPosition.Field, person.Positions.Take(MostPositions).Select(HeldPosition.Of));
        if (!person.IsMasked)
        {
            said.Text("first_name", person.FirstName);
            said.Text("last_name", person.LastName);
        }

        return said.Facts;
    }

    public static List<Fact> Of(CompanyFacts company, string provider, DateTime at, long? rawId)
    {
        var said = new Said(provider, Usual, at, rawId);
        said.Text("domain", company.Domain);
        said.Text("website", company.Website);
        said.Text("industry", company.Industry);
        said.Text("description", company.Description);
        said.Value("employee_count", company.EmployeeCount);
        said.Text("employee_range", company.EmployeeRange);
        said.Value("revenue_usd", company.Revenue);
        said.Text("revenue_range", company.RevenueRange);
        said.Value("founded_year", company.FoundedYear);
        said.Value("total_funding_usd", company.TotalFunding);
        said.Text("funding_stage", company.LastFundingStage);
        said.Value("funded_on", company.LastFundedOn);
        said.Text("company_linkedin_url", company.LinkedInUrl);
        said.Text("company_phone", company.Phone);
        said.Text("company_city", company.City);
        said.Text("company_region", company.Region);
        said.Text("company_country", company.Country);
        said.Text("email_pattern", company.EmailPattern);
        said.Value("accepts_every_address", company.IsCatchAll);
        if (company.Technologies.Count > 0) said.Value("technologies", company.Technologies);
        if (company.Keywords.Count > 0) said.Value("keywords", company.Keywords);
        return said.Facts;
    }

    public static Fact Check(EmailVerification check, string provider, DateTime at, long? rawId) =>
        Check(
            new AddressCheck(check.Email, Word(check.State), check.Said), provider,
            (float)Math.Clamp(check.Score ?? Usual, 0, 1), at, rawId);

    public static Fact Check(
        AddressCheck check, string provider, float confidence, DateTime at, long? rawId) =>
        new(AddressCheck.Field, check.ToJson(), provider, confidence, at, rawId);

    public static Fact Email(EmailFacts email, string provider, DateTime at, long? rawId) =>
        new("email", JsonSerializer.Serialize(email.Address), provider,
            (float)Math.Clamp(email.Confidence ?? Usual, 0, 1), at, rawId);

    public static string Word(Deliverability state) => state.ToString().ToLowerInvariant();

    /// <summary>The contact with its blanks filled by what is believed.</summary>
    public static Contact Fill(Contact contact, IReadOnlyDictionary<string, Fact> believed) => contact with
    {
        FirstName = contact.FirstName ?? Text(believed, "first_name"),
        LastName = contact.LastName ?? Text(believed, "last_name"),
        Title = contact.Title ?? Text(believed, "title"),
        Phone = contact.Phone ?? Text(believed, "phone"),
        LinkedInUrl = contact.LinkedInUrl ?? Text(believed, "linkedin_url"),
        City = contact.City ?? Text(believed, "city"),
        Region = contact.Region ?? Text(believed, "region"),
        Country = contact.Country ?? Text(believed, "country"),
    };

    public static Company Fill(Company company, IReadOnlyDictionary<string, Fact> believed) => company with
    {
        Domain = company.Domain ?? WebDomain.Of(Text(believed, "domain") ?? Text(believed, "website")),
        Website = company.Website ?? Text(believed, "website"),
        Industry = company.Industry ?? Text(believed, "industry"),
        Description = company.Description ?? Text(believed, "description"),
        EmployeeCount = company.EmployeeCount ?? Whole(believed, "employee_count", 0, int.MaxValue),
        FoundedYear = company.FoundedYear ?? Whole(believed, "founded_year", 1000, 2200),
        LinkedInUrl = company.LinkedInUrl ?? Text(believed, "company_linkedin_url"),
        Phone = company.Phone ?? Text(believed, "company_phone"),
        City = company.City ?? Text(believed, "company_city"),
        Region = company.Region ?? Text(believed, "company_region"),
        Country = company.Country ?? Text(believed, "company_country"),
    };

    static string? Text(IReadOnlyDictionary<string, Fact> believed, string field)
    {
        if (!believed.TryGetValue(field, out var fact)) return null;
        using var document = JsonDocument.Parse(fact.Value);
        return document.RootElement.ValueKind == JsonValueKind.String
            ? document.RootElement.GetString() : null;
    }

    static int? Whole(IReadOnlyDictionary<string, Fact> believed, string field, int least, int most) =>
        believed.TryGetValue(field, out var fact) && int.TryParse(fact.Value, out var number)
        && number >= least && number <= most
            ? number
            : null;

    sealed class Said(string provider, float confidence, DateTime at, long? rawId)
    {
        public List<Fact> Facts { get; } = [];

        public void Text(string field, string? text)
        {
            if (string.IsNullOrWhiteSpace(text)) return;
            // The database refuses the character NUL.
            var clean = text.Replace("\0", "", StringComparison.Ordinal).Trim();
            if (clean.Length > 0) Value(field, clean.Length > LongestText ? clean[..LongestText] : clean);
        }

        public void Value(string field, object? value)
        {
            if (value is not null)
                Facts.Add(
                    new Fact(
                        field, JsonSerializer.Serialize(value, JobJson.Options), provider, confidence, at,
                        rawId));
        }
    }
}
