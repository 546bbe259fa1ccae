namespace Overture.Providers.Clearbit;

/// <summary>
/// Reads Clearbit's shapes, which Hunter's find calls give as well (there inside <c>data</c>).
/// </summary>
static class ClearbitReader
{
    public static CompanyFacts? CompanyFind(byte[] body) => Company(Unwrapped(body));

    public static PersonFacts? PersonFind(byte[] body) => Person(Unwrapped(body));

    public static PersonFacts? CombinedFind(byte[] body) => Combined(Unwrapped(body));

    public static IReadOnlyList<CompanyFacts> Suggest(byte[] body)
    {
        var root = Loose.Parse(body);
        if (!root.IsList) throw new MalformedAnswerException($"a list was expected, not {root.Kind}");
        return
        [
            .. root.Items.Where(item => item.IsObject).Select(item => new CompanyFacts
            {
                Name = item["name"].Text, Domain = Spelling.Domain(item["domain"].Text),
            }),
        ];
    }

    public static CompanyFacts? Company(Loose company)
    {
        if (!company.IsObject || !company.Any("domain", "name", "id").IsThere) return null;
        var (geo, metrics, category) = (company["geo"], company["metrics"], company["category"]);
        return new CompanyFacts
        {
            ProviderId = company["id"].Text,
            Name = company.Any("name", "legalName").Text,
            Domain = Spelling.Domain(company["domain"].Text),
            Description = company["description"].Text,
            Industry = category.Any("industry", "industryGroup", "sector").Text ?? category.Text,
            Keywords = company["tags"].Texts,
            EmployeeCount = metrics["employees"].Whole,
            EmployeeRange = Spelling.Range(metrics["employeesRange"]) ?? Span(metrics["employees"].Text),
            Revenue = metrics["annualRevenue"].Number,
            RevenueRange = metrics["estimatedAnnualRevenue"].Text,
            FoundedYear = Spelling.Year(company["foundedYear"].Count),
            TotalFunding = metrics["raised"].Number,
            Technologies = company["tech"].Texts,
            Phone = company["phone"].Text ?? company["site"]["phoneNumbers"].Items.FirstOrDefault().Text,
            LinkedInUrl = Spelling.LinkedIn(company["linkedin"]["handle"].Text, "company"),
            Twitter = company["twitter"]["handle"].Text,
            Street = geo["streetAddress"].Text,
            City = geo["city"].Text,
            Region = geo["state"].Text,
            PostalCode = geo["postalCode"].Text,
            Country = geo["country"].Text,
            Ticker = company["ticker"].Text,
        };
    }

    public static PersonFacts? Person(Loose person)
    {
        if (!person.IsObject || !person.Any("email", "name", "id").IsThere) return null;
        var (name, geo, job) = (person["name"], person["geo"], person["employment"]);
        return new PersonFacts
        {
            ProviderId = person["id"].Text,
            FullName = name["fullName"].Text ?? name.Text
                ?? Spelling.Name(name["givenName"].Text, name["familyName"].Text),
            FirstName = name["givenName"].Text,
            LastName = name["familyName"].Text,
            Title = job["title"].Text,
            Headline = person["bio"].Text,
            Seniority = job["seniority"].Text,
            Department = job["role"].Text,
            Emails = Spelling.Email(person["email"].Text) is { } email ? [new EmailFacts(email)] : [],
            Phones = person["phone"].Texts,
            LinkedInUrl = Spelling.LinkedIn(person["linkedin"]["handle"].Text, "in"),
            Twitter = person["twitter"]["handle"].Text,
            City = geo["city"].Text,
            Region = geo["state"].Text,
            Country = geo["country"].Text,
            Company = job.IsObject
                ? new CompanyFacts { Name = job["name"].Text, Domain = Spelling.Domain(job["domain"].Text) }
                : null,
        };
    }

    public static PersonFacts? Combined(Loose both)
    {
        var person = Person(both["person"]);
        var company = Company(both["company"]);
        if (person is null) return company is null ? null : new PersonFacts { Company = company };
        return person with { Company = company ?? person.Company };
    }

    // Hunter gives a range of employees in the place of Clearbit's number.
    static string? Span(string? employees) =>
        employees is not null && employees.AsSpan(1).IndexOfAny("-+") >= 0 ? employees : null;

    static Loose Unwrapped(byte[] body)
    {
        var root = Loose.ParseObject(body);
        return root["data"].IsObject ? root["data"] : root;
    }
}
