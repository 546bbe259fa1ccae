using System.Globalization;

namespace Overture.Providers.Apollo;

/// <summary>Reads Apollo's answers.</summary>
static class ApolloReader
{
    public static SearchPage<PersonFacts> People(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root.Any("people", "contacts", "total_entries", "pagination").IsThere)
            throw new MalformedAnswerException("the answer has no people");
        PersonFacts[] found =
            [.. root["people"].Items.Concat(root["contacts"].Items).Select(Person).OfType<PersonFacts>()];
        return Page(root, found);
    }

    public static SearchPage<CompanyFacts> Companies(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root.Any("organizations", "accounts", "pagination").IsThere)
            throw new MalformedAnswerException("the answer has no organizations");
        CompanyFacts[] found =
            [.. root["organizations"].Items.Concat(root["accounts"].Items)
                .Select(Company).OfType<CompanyFacts>()];
        return Page(root, found);
    }

    public static PersonFacts? Match(byte[] body) => Person(Field(body, "person"));

    /// <summary>One entry per question, null where nobody matched.</summary>
    public static IReadOnlyList<PersonFacts?> BulkMatch(byte[] body)
    {
        var root = Loose.ParseObject(body);
        return root["matches"].IsList
            ? [.. root["matches"].Items.Select(Person)]
            : throw new MalformedAnswerException("the answer has no matches");
    }

    public static CompanyFacts? Organization(byte[] body) => Company(Field(body, "organization"));

    public static IReadOnlyList<CompanyFacts?> Organizations(byte[] body)
    {
        var root = Loose.ParseObject(body);
        return root["organizations"].IsList
            ? [.. root["organizations"].Items.Select(Company)]
            : throw new MalformedAnswerException("the answer has no organizations");
    }

    public static PersonFacts? Contact(byte[] body) => Person(Field(body, "contact"));

    /// <summary>The sequences Apollo calls campaigns: id and name.</summary>
    public static SearchPage<IReadOnlyDictionary<string, string>> Sequences(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["emailer_campaigns"].IsList)
            throw new MalformedAnswerException("the answer has no campaigns");
        IReadOnlyDictionary<string, string>[] found =
        [
            .. root["emailer_campaigns"].Items.Where(item => item.IsObject).Select(item =>
                item.Fields.Where(pair => pair.Value.Text is not null).ToDictionary(
                    pair => pair.Name, pair => pair.Value.Text!, StringComparer.Ordinal)),
        ];
        return Page(root, found);
    }

    /// <summary>Limits and use by route, as "route.window".</summary>
    public static Allowance Usage(byte[] body)
    {
        var root = Loose.ParseObject(body);
        Dictionary<string, decimal> used = new(StringComparer.Ordinal);
        Dictionary<string, decimal> available = new(StringComparer.Ordinal);
        foreach (var (route, windows) in root.Fields)
        {
            foreach (var (window, value) in windows.Fields)
            {
                var name = $"{route.Trim('[', ']').Replace("\"", "", StringComparison.Ordinal)}.{window}";
                if (value.Any("consumed", "used").Number is { } spent) used[name] = spent;
                if (value.Any("left_over", "left", "limit").Number is { } left) available[name] = left;
            }
        }

        return new Allowance(null, used, available, null);
    }

    public static PersonFacts? Person(Loose person)
    {
        if (!person.IsObject || !person.Any("id", "email", "name", "first_name").IsThere) return null;
        var isMasked = person["last_name"].Text is null && person["last_name_obfuscated"].Text is not null;
        var last = person.Any("last_name", "last_name_obfuscated").Text;
        return new PersonFacts
        {
            ProviderId = person.Any("person_id", "id").Text,
            FirstName = person["first_name"].Text,
            LastName = last,
            FullName = person["name"].Text ?? Spelling.Name(person["first_name"].Text, last),
            IsMasked = isMasked,
            Title = person["title"].Text,
            Headline = person["headline"].Text,
            Seniority = person["seniority"].Text,
            Department = Spelling.List(person["departments"].Texts),
            Emails = Emails(person),
            Phones = Phones(person),
            LinkedInUrl = Spelling.LinkedIn(person["linkedin_url"].Text, "in"),
            Twitter = person["twitter_url"].Text,
            City = person["city"].Text,
            Region = person["state"].Text,
            Country = person["country"].Text,
            Company = Company(person["organization"]) ?? Company(person["account"])
                ?? (person["organization_name"].Text is { } name ? new CompanyFacts { Name = name } : null),
            Positions = [.. person["employment_history"].Items.Where(item => item.IsObject).Select(Position)],
            SeenAt = person["last_refreshed_at"].Instant,
        };
    }

    // The field is null when nothing matched; when it is missing, this is some other answer.
    static Loose Field(byte[] body, string name)
    {
        var root = Loose.ParseObject(body);
        return root.Has(name) ? root[name] : throw new MalformedAnswerException($"the answer has no {name}");
    }

    static EmailFacts[] Emails(Loose person)
    {
        List<EmailFacts> emails = [];
        if (Spelling.Email(person["email"].Text) is { } email)
            emails.Add(new EmailFacts(
                email, "work", Spelling.State(person["email_status"].Text),
                (double?)person["extrapolated_email_confidence"].Number));
        foreach (var other in person["contact_emails"].Items.Concat(
            person["contact"]["contact_emails"].Items))
        {
            if (Spelling.Email(other["email"].Text) is { } more)
                emails.Add(new EmailFacts(more, null, Spelling.State(other["email_status"].Text)));
        }

        emails.AddRange(person["personal_emails"].Texts.Select(Spelling.Email).OfType<string>()
            .Select(address => new EmailFacts(address, "personal")));
        return [.. emails.DistinctBy(found => found.Address, StringComparer.OrdinalIgnoreCase)];
    }

    static string[] Phones(Loose person) =>
    [
        .. person["phone_numbers"].Items.Select(phone =>
            phone.Any("sanitized_number", "raw_number", "number").Text)
            .Append(person["sanitized_phone"].Text).Append(person["phone"].Text).OfType<string>().Distinct(),
    ];

    static PositionFacts Position(Loose item) => new(
        item["title"].Text, item["organization_name"].Text, item["start_date"].Text, item["end_date"].Text,
        item["current"].Flag ?? false);

    public static CompanyFacts? Company(Loose company)
    {
        if (!company.IsObject || !company.Any("id", "name", "primary_domain").IsThere) return null;
        return new CompanyFacts
        {
            ProviderId = company.Any("organization_id", "id").Text,
            Name = company["name"].Text,
            Domain = Spelling.Domain(company.Any("primary_domain", "domain", "website_url").Text),
            Website = company["website_url"].Text,
            Description = company.Any("short_description", "seo_description").Text,
            Industry = company["industry"].Text ?? company["industries"].Items.FirstOrDefault().Text,
            Keywords = company["keywords"].Texts,
            EmployeeCount = company["estimated_num_employees"].Whole,
            Revenue = company.Any("annual_revenue", "organization_revenue").Number,
            RevenueRange = company.Any("annual_revenue_printed", "organization_revenue_printed").Text,
            FoundedYear = Spelling.Year(company["founded_year"].Count),
            TotalFunding = company["total_funding"].Number,
            LastFundingStage = company["latest_funding_stage"].Text,
            LastFundedOn = company["latest_funding_round_date"].Date,
            Technologies = company["technology_names"].Texts is { Count: > 0 } names
                ? names
                : [.. company["current_technologies"].Items.Select(item =>
                    item["name"].Text).OfType<string>()],
            Phone = company["primary_phone"]["number"].Text ?? company.Any("phone", "sanitized_phone").Text,
            LinkedInUrl = Spelling.LinkedIn(company["linkedin_url"].Text, "company"),
            Twitter = company["twitter_url"].Text,
            Street = company.Any("street_address", "raw_address").Text,
            City = company["city"].Text,
            Region = company["state"].Text,
            PostalCode = company["postal_code"].Text,
            Country = company["country"].Text,
            Ticker = company["publicly_traded_symbol"].Text,
        };
    }

    static SearchPage<T> Page<T>(Loose root, IReadOnlyList<T> found)
    {
        var paging = root["pagination"];
        var (page, last) = (paging["page"].Whole, paging["total_pages"].Whole);
        return new SearchPage<T>(
            found, paging["total_entries"].Whole ?? root["total_entries"].Whole,
            page < last ? (page.Value + 1).ToString(CultureInfo.InvariantCulture) : null);
    }
}
