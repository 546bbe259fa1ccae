using System.Globalization;

namespace Overture.Providers.HubSpot;

/// <summary>An object of the CRM: contact, company, deal or any other type.</summary>
/// <param name="Id">HubSpot's id.</param>
/// <param name="Properties">Values as texts; HubSpot stores all of them so.</param>
public sealed record CrmObject(string Id, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Deleted, and kept for a while.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Where people see it.</summary>
    public string? Url { get; init; }

    /// <summary>Made by this upsert.</summary>
    public bool? IsNew { get; init; }

    /// <summary>Ids of associated objects, by type.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Associations { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>What became of a batch: some rows may fail while others succeed.</summary>
/// <param name="Results">The rows done.</param>
/// <param name="Errors">Sentences for those that failed.</param>
public sealed record CrmBatch(IReadOnlyList<CrmObject> Results, IReadOnlyList<string> Errors);

/// <summary>A property an object type has.</summary>
public sealed record CrmProperty(
    string Name, string? Label, string? Type, string? FieldType, IReadOnlyList<string> Options,
    bool IsReadOnly);

/// <summary>Reads HubSpot's answers.</summary>
static class HubSpotReader
{
    public static SearchPage<CrmObject> Objects(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["results"].IsList) throw new MalformedAnswerException("the answer has no results");
        return new SearchPage<CrmObject>(
            [.. root["results"].Items.Select(Object).OfType<CrmObject>()], root["total"].Whole,
            root["paging"]["next"]["after"].Text);
    }

    public static CrmObject? One(byte[] body) => Object(Loose.ParseObject(body));

    public static CrmBatch Batch(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root.Any("results", "errors").IsThere)
            throw new MalformedAnswerException("the answer has no results");
        return new CrmBatch(
            [.. root["results"].Items.Select(Object).OfType<CrmObject>()],
            [.. root["errors"].Items.Select(error => error["message"].Text).OfType<string>()]);
    }

    public static SearchPage<PersonFacts> People(byte[] body)
    {
        var page = Objects(body);
        return new SearchPage<PersonFacts>([.. page.Items.Select(Person)], page.Total, page.Next);
    }

    public static SearchPage<CompanyFacts> Companies(byte[] body)
    {
        var page = Objects(body);
        return new SearchPage<CompanyFacts>([.. page.Items.Select(Company)], page.Total, page.Next);
    }

    public static PersonFacts? Contact(byte[] body) => One(body) is { } found ? Person(found) : null;

    public static CompanyFacts? CompanyOf(byte[] body) => One(body) is { } found ? Company(found) : null;

    public static IReadOnlyList<CrmProperty> Properties(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["results"].IsList) throw new MalformedAnswerException("the answer has no results");
        return
        [
            .. root["results"].Items.Where(item => item["name"].Text is not null)
            .Select(item => new CrmProperty(
                item["name"].Text!, item["label"].Text, item["type"].Text, item["fieldType"].Text,
                [.. item["options"].Items.Select(option => option["value"].Text).OfType<string>()],
                item["modificationMetadata"]["readOnlyValue"].Flag ?? false)),
        ];
    }

    /// <summary>Owners as people: the users of the account.</summary>
    public static SearchPage<PersonFacts> Owners(byte[] body)
    {
        var root = Loose.ParseObject(body);
        if (!root["results"].IsList) throw new MalformedAnswerException("the answer has no results");
        return new SearchPage<PersonFacts>(
            [
                .. root["results"].Items.Where(item => item["id"].IsThere).Select(item => new PersonFacts
                {
                    ProviderId = item["id"].Text,
                    FirstName = item["firstName"].Text,
                    LastName = item["lastName"].Text,
                    FullName = Spelling.Name(item["firstName"].Text, item["lastName"].Text),
                    Emails = Spelling.Email(item["email"].Text) is { } email
                        ? [new EmailFacts(email, "work")]
                        : [],
                }),
            ], null, root["paging"]["next"]["after"].Text);
    }

    static CrmObject? Object(Loose item)
    {
        if (item["id"].Text is not { } id) return null;
        return new CrmObject(id, item["properties"].Fields.Where(pair => pair.Value.Text is not null)
            .GroupBy(pair => pair.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value.Text!, StringComparer.Ordinal))
        {
            CreatedAt = item["createdAt"].Instant,
            UpdatedAt = item["updatedAt"].Instant,
            IsArchived = item["archived"].Flag ?? false,
            Url = item["url"].Text,
            IsNew = item["new"].Flag,
            Associations = item["associations"].Fields.ToDictionary(
                pair => pair.Name,
                pair => (IReadOnlyList<string>)[.. pair.Value["results"].Items.Select(to =>
                    to["id"].Text).OfType<string>()],
                StringComparer.Ordinal),
        };
    }

    static PersonFacts Person(CrmObject contact)
    {
        string? Value(string name) => contact.Properties.GetValueOrDefault(name);
        var others = Value("hs_additional_emails")?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        return new PersonFacts
        {
            ProviderId = contact.Id,
            FirstName = Value("firstname"),
            LastName = Value("lastname"),
            FullName = Spelling.Name(Value("firstname"), Value("lastname")),
            Title = Value("jobtitle"),
            Seniority = Value("hs_seniority") ?? Value("seniority"),
            Emails = [.. others.Prepend(Value("email")).Select(Spelling.Email).OfType<string>()
                .Select(e => new EmailFacts(e))],
            Phones = [.. new[] { Value("phone"), Value("mobilephone") }.OfType<string>()],
            LinkedInUrl = Spelling.LinkedIn(Value("hs_linkedin_url") ?? Value("linkedin_url"), "in"),
            City = Value("city"),
            Region = Value("state"),
            Country = Value("country"),
            Company = Value("company") is { } name
                ? new CompanyFacts { Name = name, Domain = Spelling.Domain(Value("website")),
                    Website = Value("website") }
                : null,
            SeenAt = contact.UpdatedAt,
            More = contact.Properties,
        };
    }

    static CompanyFacts Company(CrmObject company)
    {
        string? Value(string name) => company.Properties.GetValueOrDefault(name);
        return new CompanyFacts
        {
            ProviderId = company.Id,
            Name = Value("name"),
            Domain = Spelling.Domain(Value("domain") ?? Value("website")),
            Website = Value("website"),
            Description = Value("description"),
            Industry = Value("industry"),
            EmployeeCount = Number(Value("numberofemployees")) is { } count ? (long)count : null,
            Revenue = Number(Value("annualrevenue")),
            FoundedYear = Spelling.Year((int?)Math.Min(Number(Value("founded_year")) ?? 0, 9999)),
            Phone = Value("phone"),
            LinkedInUrl = Spelling.LinkedIn(Value("linkedin_company_page"), "company"),
            Street = Value("address"),
            City = Value("city"),
            Region = Value("state"),
            PostalCode = Value("zip"),
            Country = Value("country"),
            More = company.Properties,
        };
    }

    static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and < 1e15m ? number : null;
}
