using System.Globalization;

namespace Overture.Providers.Explorium;

/// <summary>Reads Explorium's answers.</summary>
static class ExploriumReader
{
    /// <summary>The ids of companies or people asked for, in the order asked.</summary>
    public static IReadOnlyList<Match> Matches(byte[] body)
    {
        var root = Loose.ParseObject(body);
        var list = root.Any("matched_businesses", "matched_prospects");
        if (!list.IsList) throw new MalformedAnswerException("the answer has no matches");
        return
        [
            .. list.Items.Select(item => new Match(
                item["input"].Fields.Where(pair => pair.Value.Text is not null)
                    .ToDictionary(pair => pair.Name, pair => pair.Value.Text!, StringComparer.Ordinal),
                item.Any("business_id", "prospect_id").Text)),
        ];
    }

    public static SearchPage<CompanyFacts> Businesses(byte[] body) => Page(body, Company);

    public static SearchPage<PersonFacts> Prospects(byte[] body) => Page(body, Person);

    public static CompanyFacts? Firmographics(byte[] body) => Company(Loose.ParseObject(body)["data"]);

    public static PersonFacts? ContactsInformation(byte[] body)
    {
        var data = Loose.ParseObject(body)["data"];
        if (!data.IsObject) return null;
        List<EmailFacts> emails = [];
        // The misspelt name is the real one.
        if (Spelling.Email(data.Any("professions_email", "professional_email").Text) is { } work)
            emails.Add(new EmailFacts(
                work, "work",
                Spelling.State(data.Any("professional_email_status", "professions_email_status").Text)));
        foreach (var item in data["emails"].Items)
        {
            if (Spelling.Email(item["address"].Text ?? item.Text) is { } address)
                emails.Add(new EmailFacts(
                    address, item["type"].Text?.Contains("prof", StringComparison.OrdinalIgnoreCase) == true
                        ? "work"
                        : item["type"].Text));
        }

        return new PersonFacts
        {
            ProviderId = data["prospect_id"].Text,
            Emails = [.. emails.DistinctBy(email => email.Address, StringComparer.OrdinalIgnoreCase)],
            Phones =
            [
                .. new[] { data["mobile_phone"].Text }
                    .Concat(data["phone_numbers"].Items.Select(item =>
                        item.Any("phone_number", "number").Text ?? item.Text))
                    .OfType<string>().Distinct(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Values that filters accept: label to value.</summary>
    public static IReadOnlyDictionary<string, string> Autocomplete(byte[] body)
    {
        var root = Loose.Parse(body);
        if (!root.IsList) throw new MalformedAnswerException($"a list was expected, not {root.Kind}");
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var item in root.Items)
        {
            if (item["value"].Text is { } value) values[item["label"].Text ?? value] = value;
        }

        return values;
    }

    static SearchPage<T> Page<T>(byte[] body, Func<Loose, T?> read)
        where T : class
    {
        var root = Loose.ParseObject(body);
        if (!root["data"].IsList) throw new MalformedAnswerException("the answer has no data");
        var (page, last) = (root["page"].Whole, root["total_pages"].Whole);
        return new SearchPage<T>(
            [.. root["data"].Items.Select(read).OfType<T>()], root["total_results"].Whole,
            page < last ? (page.Value + 1).ToString(CultureInfo.InvariantCulture) : null);
    }

    static CompanyFacts? Company(Loose company)
    {
        if (company["data"].IsObject) company = company["data"];
        if (!company.IsObject || !company.Any("business_id", "name", "domain").IsThere) return null;
        return new CompanyFacts
        {
            ProviderId = company["business_id"].Text,
            Name = company["name"].Text,
            Domain = Spelling.Domain(company.Any("domain", "website").Text),
            Website = company["website"].Text,
            Description = company["business_description"].Text,
            Industry = company
                .Any("linkedin_industry_category", "naics_description", "sic_code_description").Text,
            EmployeeRange = Spelling.Range(company["number_of_employees_range"]),
            RevenueRange = Spelling.Range(company["yearly_revenue_range"]),
            LinkedInUrl = Spelling.LinkedIn(company["linkedin_profile"].Text, "company"),
            Street = company["street"].Text,
            City = company["city_name"].Text,
            Region = company["region_name"].Text,
            PostalCode = company["zip_code"].Text,
            Country = company["country_name"].Text,
            Ticker = company["ticker"].Text,
        };
    }

    static PersonFacts? Person(Loose person)
    {
        if (!person.IsObject || !person.Any("prospect_id", "full_name", "first_name").IsThere) return null;
        var (first, last) = (person["first_name"].Text, person["last_name"].Text);
        return new PersonFacts
        {
            ProviderId = person["prospect_id"].Text,
            FullName = person["full_name"].Text ?? Spelling.Name(first, last),
            FirstName = first,
            LastName = last,
            Title = person["job_title"].Text,
            Seniority = person["job_level_main"].Text,
            Department = person["job_department_main"].Text,
            LinkedInUrl =
                Spelling.LinkedIn(
                    person.Any("linkedin_url_array", "linkedin").Items.FirstOrDefault().Text, "in"),
            City = person["city"].Text,
            Region = person["region_name"].Text,
            Country = person["country_name"].Text,
            Company = person.Any("company_name", "business_id").IsThere
                ? new CompanyFacts
                {
                    ProviderId = person["business_id"].Text,
                    Name = person["company_name"].Text,
                    Domain = Spelling.Domain(person["company_website"].Text),
                    Country = person["company_country_code"].Text,
                }
                : null,
        };
    }
}
