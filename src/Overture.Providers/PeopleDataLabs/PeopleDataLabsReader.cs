namespace Overture.Providers.PeopleDataLabs;

/// <summary>
/// Reads answers of People Data Labs. On the free plan a boolean stands where a value exists or not; it reads
/// as absent.
/// </summary>
static class PeopleDataLabsReader
{
    const decimal BestLikelihood = 10;

    public static PersonFacts? PersonEnrich(byte[] body) => Found(Loose.ParseObject(body));

    /// <summary>One entry per question, null where nobody matched.</summary>
    public static IReadOnlyList<PersonFacts?> PersonBulk(byte[] body)
    {
        var root = Loose.Parse(body);
        return root.IsList
            ? [.. root.Items.Select(item => item["status"].Count is null or 200 ? Found(item) : null)]
            : throw new MalformedAnswerException($"a list was expected, not {root.Kind}");
    }

    public static SearchPage<PersonFacts> PersonSearch(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["data"].IsList) throw new MalformedAnswerException("the answer has no data");
        return new SearchPage<PersonFacts>(
            [.. root["data"].Items.Select(item => Person(item, null)).OfType<PersonFacts>()],
            root["total"].Whole,
            root["scroll_token"].Text);
    }

    public static CompanyFacts? CompanyEnrich(byte[] body)
    {
        var root = Loose.ParseObject(body);
        return Company(root["data"].IsObject ? root["data"] : root);
    }

    public static SearchPage<CompanyFacts> CompanySearch(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["data"].IsList) throw new MalformedAnswerException("the answer has no data");
        return new SearchPage<CompanyFacts>(
            [.. root["data"].Items.Select(Company).OfType<CompanyFacts>()], root["total"].Whole,
            root["scroll_token"].Text);
    }

    static PersonFacts? Found(Loose answer) =>
        Person(answer["data"].IsObject ? answer["data"] : answer, answer["likelihood"].Number);

    static PersonFacts? Person(Loose person, decimal? likelihood)
    {
        if (!person.IsObject || !person.Any("id", "full_name", "linkedin_url").IsThere) return null;
        return new PersonFacts
        {
            ProviderId = person["id"].Text,
            FullName = person["full_name"].Text
                ?? Spelling.Name(person["first_name"].Text, person["last_name"].Text),
            FirstName = person["first_name"].Text,
            LastName = person["last_name"].Text,
            Title = person["job_title"].Text,
            Headline = person["headline"].Text,
            Seniority = Spelling.List(person["job_title_levels"].Texts),
            Department = person.Any("job_title_role", "job_title_class").Text,
            Emails = Emails(person),
            Phones =
            [
                .. new[] { person["mobile_phone"].Text }.Concat(
                    person["phone_numbers"].Texts).OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ],
            LinkedInUrl = Spelling.LinkedIn(person.Any("linkedin_url", "linkedin_username").Text, "in"),
            Twitter = person["twitter_url"].Text,
            City = person["location_locality"].Text,
            Region = person["location_region"].Text,
            Country = person["location_country"].Text,
            Company = Employer(person),
            Positions = [.. person["experience"].Items.Where(item => item.IsObject).Select(Position)],
            Confidence = Spelling.Share(likelihood, BestLikelihood),
            SeenAt = person["job_last_verified"].Instant,
        };
    }

    static EmailFacts[] Emails(Loose person)
    {
        List<EmailFacts> emails = [];
        Add(person["work_email"].Text, "work");
        foreach (var item in person["emails"].Items)
        {
            var isWork = item["type"].Text?.Contains("professional", StringComparison.Ordinal) == true;
            Add(item["address"].Text, isWork ? "work" : "personal");
        }

        Add(person["recommended_personal_email"].Text, "personal");
        foreach (var personal in person["personal_emails"].Texts) Add(personal, "personal");
        return [.. emails.DistinctBy(email => email.Address, StringComparer.OrdinalIgnoreCase)];

        void Add(string? text, string kind)
        {
            if (Spelling.Email(text) is { } address) emails.Add(new EmailFacts(address, kind));
        }
    }

    static CompanyFacts? Employer(Loose person) =>
        person.Any("job_company_name", "job_company_website").Text is null
        ? null
        : new CompanyFacts
        {
            ProviderId = person["job_company_id"].Text,
            Name = person["job_company_name"].Text,
            Domain = Spelling.Domain(person["job_company_website"].Text),
            Website = person["job_company_website"].Text,
            Industry = person["job_company_industry"].Text,
            EmployeeRange = Spelling.Range(person["job_company_size"]),
            RevenueRange = person["job_company_inferred_revenue"].Text,
            FoundedYear = Spelling.Year(person["job_company_founded"].Count),
            LinkedInUrl = Spelling.LinkedIn(person["job_company_linkedin_url"].Text, "company"),
            Street = person["job_company_location_street_address"].Text,
            City = person["job_company_location_locality"].Text,
            Region = person["job_company_location_region"].Text,
            PostalCode = person["job_company_location_postal_code"].Text,
            Country = person["job_company_location_country"].Text,
            Ticker = person["job_company_ticker"].Text,
        };

    static PositionFacts Position(Loose item) => new(
        item["title"]["name"].Text ?? item["title"].Text, item["company"]["name"].Text
            ?? item["company"].Text,
        item["start_date"].Text, item["end_date"].Text,
        item["is_primary"].Flag == true || (item["start_date"].IsThere && !item["end_date"].IsThere));

    static CompanyFacts? Company(Loose company)
    {
        if (!company.IsObject || !company.Any("id", "name", "website").IsThere) return null;
        var location = company["location"];
        return new CompanyFacts
        {
            ProviderId = company["id"].Text,
            Name = company.Any("display_name", "name").Text,
            Domain = Spelling.Domain(company["website"].Text),
            Website = company["website"].Text,
            Description = company.Any("summary", "headline").Text,
            Industry = company["industry"].Text,
            Keywords = company["tags"].Texts,
            EmployeeCount = company["employee_count"].Whole,
            EmployeeRange = Spelling.Range(company["size"]),
            RevenueRange = company["inferred_revenue"].Text,
            FoundedYear = Spelling.Year(company["founded"].Count),
            TotalFunding = company["total_funding_raised"].Number,
            LastFundingStage = company["latest_funding_stage"].Text,
            LastFundedOn = company["last_funding_date"].Date,
            LinkedInUrl = Spelling.LinkedIn(company["linkedin_url"].Text, "company"),
            Twitter = company["twitter_url"].Text,
            Street = location["street_address"].Text,
            City = location["locality"].Text,
            Region = location["region"].Text,
            PostalCode = location["postal_code"].Text,
            Country = location["country"].Text,
            Ticker = company["ticker"].Text,
        };
    }
}
