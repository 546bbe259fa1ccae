namespace Overture.Providers.Crunchbase;

/// <summary>Reads Crunchbase's answers; only the fields asked for are there.</summary>
static class CrunchbaseReader
{
    public static SearchPage<CompanyFacts> Organizations(byte[] body) => Page(body, Company);

    public static CompanyFacts? Organization(byte[] body) => Company(Loose.ParseObject(body));

    public static SearchPage<CompanyFacts> Autocomplete(byte[] body) =>
        Page(body, Company) with { Next = null };

    public static SearchPage<FundingRound> FundingRounds(byte[] body) => Page(body, Round);

    static SearchPage<T> Page<T>(byte[] body, Func<Loose, T?> read)
        where T : class
    {
        var root = Loose.ParseObject(body);
        if (!root["entities"].IsList) throw new MalformedAnswerException("the answer has no entities");
        Loose[] entities = [.. root["entities"].Items];
        var total = root["count"].Whole;
        // Keyset paging: the last id leads on, until a page is empty.
        var last = entities.Length > 0 && entities.Length < total ? entities[^1]["uuid"].Text : null;
        return new SearchPage<T>([.. entities.Select(read).OfType<T>()], total, last);
    }

    static CompanyFacts? Company(Loose entity)
    {
        var facts = entity["properties"].IsObject ? entity["properties"] : entity;
        var identifier = facts["identifier"].IsObject ? facts["identifier"] : entity["identifier"];
        if (!identifier.IsObject && !facts["name"].IsThere) return null;
        return new CompanyFacts
        {
            ProviderId = identifier["uuid"].Text ?? entity["uuid"].Text ?? identifier["permalink"].Text,
            Name = identifier["value"].Text ?? facts["name"].Text,
            Domain = Spelling.Domain(
                facts.Any("website_url", "website").Text ?? facts["website"]["value"].Text),
            Website = facts["website_url"].Text ?? facts["website"]["value"].Text,
            Description = facts.Any("short_description", "description").Text,
            Industry = facts["category_groups"].Items.FirstOrDefault()["value"].Text
                ?? facts["categories"].Items.FirstOrDefault()["value"].Text,
            Keywords = [.. facts["categories"].Items.Select(item => item["value"].Text).OfType<string>()],
            EmployeeRange = Employees(facts["num_employees_enum"].Text),
            RevenueRange = facts["revenue_range"].Text,
            FoundedYear = Year(facts["founded_on"]["value"].Text ?? facts["founded_on"].Text),
            TotalFunding = Money(facts["funding_total"]),
            LastFundingStage = facts.Any("last_funding_type", "funding_stage").Text,
            LastFundedOn = facts["last_funding_at"].Date,
            Phone = facts["phone_number"].Text,
            LinkedInUrl =
                Spelling.LinkedIn(facts["linkedin"]["value"].Text ?? facts["linkedin"].Text, "company"),
            Twitter = facts["twitter"]["value"].Text,
            City = Location(facts, "city"),
            Region = Location(facts, "region"),
            Country = Location(facts, "country"),
            More = More(
                identifier["permalink"].Text, facts["contact_email"].Text, facts["operating_status"].Text),
        };
    }

    static FundingRound? Round(Loose entity)
    {
        var facts = entity["properties"].IsObject ? entity["properties"] : entity;
        if (!facts.IsObject) return null;
        var company = facts["funded_organization_identifier"];
        return new FundingRound(
            facts["identifier"]["uuid"].Text ?? entity["uuid"].Text,
            company["value"].Text, company["uuid"].Text,
            facts["announced_on"].Date, facts["investment_type"].Text, Money(facts["money_raised"]),
            [.. facts.Any("investor_identifiers", "lead_investor_identifiers").Items
                .Select(item => item["value"].Text).OfType<string>()]);
    }

    static decimal? Money(Loose money) => money["value_usd"].Number
        ?? (money["currency"].Text is null or "USD" ? money["value"].Number ?? money.Number : null);

    static string? Location(Loose facts, string type) => facts["location_identifiers"].Items
        .FirstOrDefault(item => item["location_type"].Text == type)["value"].Text;

    // "c_00011_00050" is 11 to 50, "c_10001_max" is more than 10,000.
    static string? Employees(string? code)
    {
        if (code?.Split('_') is not [_, var least, var most]) return code;
        var from = least.TrimStart('0');
        return most == "max" ? from + "+" : $"{(from.Length == 0 ? "1" : from)}-{most.TrimStart('0')}";
    }

    static int? Year(string? date) => date is { Length: >= 4 } && int.TryParse(
        date.AsSpan(0, 4), System.Globalization.NumberStyles.None,
        System.Globalization.CultureInfo.InvariantCulture, out var year)
        ? Spelling.Year(year)
        : null;

    static Dictionary<string, string> More(string? permalink, string? email, string? state)
    {
        Dictionary<string, string> more = new(StringComparer.Ordinal);
        if (permalink is not null) more["permalink"] = permalink;
        if (email is not null) more["contact_email"] = email;
        if (state is not null) more["operating_state"] = state;
        return more;
    }
}

/// <summary>A round of funding.</summary>
public sealed record FundingRound(
    string? ProviderId, string? CompanyName, string? CompanyProviderId, DateOnly? AnnouncedOn, string? Kind,
    decimal? Raised, IReadOnlyList<string> Investors);
