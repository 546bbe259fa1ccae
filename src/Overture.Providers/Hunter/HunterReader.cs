using Overture.Providers.Clearbit;

namespace Overture.Providers.Hunter;

/// <summary>Reads Hunter's answers: an envelope of <c>data</c> and <c>meta</c>.</summary>
static class HunterReader
{
    public static SearchPage<PersonFacts> DomainSearch(byte[] body)
    {
        var root = Data(body, out var data);
        var company = Company(data);
        PersonFacts[] people =
            [.. data["emails"].Items.Select(item => Found(item, company)).OfType<PersonFacts>()];
        var (total, offset) = (root["meta"]["results"].Whole, root["meta"]["offset"].Whole ?? 0);
        var end = offset + people.Length;
        return new SearchPage<PersonFacts>(
            people, total, people.Length > 0 && end < total
                ? end.ToString(System.Globalization.CultureInfo.InvariantCulture)
                : null);
    }

    public static CompanyFacts? DomainCompany(byte[] body)
    {
        Data(body, out var data);
        return Company(data);
    }

    public static PersonFacts? EmailFinder(byte[] body)
    {
        Data(body, out var data);
        if (Spelling.Email(data["email"].Text) is not { } email) return null;
        var state = data["verification"]["status"].Text;
        var isCatchAll = data["accept_all"].Flag;
        return new PersonFacts
        {
            FirstName = data["first_name"].Text,
            LastName = data["last_name"].Text,
            FullName = Spelling.Name(data["first_name"].Text, data["last_name"].Text),
            Title = data["position"].Text,
            Emails =
            [
                new EmailFacts(
                    email, "work", state is null && isCatchAll == true
                        ? Deliverability.Risky
                        : Spelling.State(state),
                    Spelling.Share(data["score"].Number, 100), Sources(data)),
            ],
            Phones = data["phone_number"].Texts,
            LinkedInUrl = Spelling.LinkedIn(data.Any("linkedin_url", "linkedin").Text, "in"),
            Twitter = data["twitter"].Text,
            Company = new CompanyFacts { Name = data["company"].Text,
                Domain = Spelling.Domain(data["domain"].Text) },
            Confidence = Spelling.Share(data["score"].Number, 100),
        };
    }

    public static EmailVerification EmailVerifier(byte[] body)
    {
        Data(body, out var data);
        var email = data["email"].Text ?? throw new MalformedAnswerException("the check names no address");
        // The newer word is finer; older answers have only the coarse result.
        var said = data.Any("status", "result").Text;
        return new EmailVerification(email, Spelling.State(said), said)
        {
            Score = Spelling.Share(data["score"].Number, 100),
            IsCatchAll = data["accept_all"].Flag,
            IsDisposable = data["disposable"].Flag,
            IsWebmail = data["webmail"].Flag,
            HasMailServer = data["mx_records"].Flag,
        };
    }

    /// <summary>
    /// How many addresses are known, by kind ("total", "personal_emails", department and seniority).
    /// </summary>
    public static IReadOnlyDictionary<string, decimal> EmailCount(byte[] body)
    {
        Data(body, out var data);
        Dictionary<string, decimal> counts = new(StringComparer.Ordinal);
        foreach (var (name, value) in data.Fields)
        {
            if (value.Number is { } count) counts[name] = count;
            foreach (var (inner, nested) in value.Fields)
            {
                if (nested.Number is { } nestedCount) counts[$"{name}.{inner}"] = nestedCount;
            }
        }

        return counts;
    }

    public static Allowance Account(byte[] body)
    {
        Data(body, out var data);
        Dictionary<string, decimal> used = new(StringComparer.Ordinal);
        Dictionary<string, decimal> available = new(StringComparer.Ordinal);
        foreach (var (name, value) in data["requests"].Fields.Append(("calls", data["calls"])))
        {
            if (value["used"].Number is { } spent) used[name] = spent;
            if (value["available"].Number is { } all) available[name] = all;
        }

        return new Allowance(data["plan_name"].Text, used, available, data["reset_date"].Date);
    }

    public static PersonFacts? PersonFind(byte[] body)
    {
        Data(body, out var data);
        return ClearbitReader.Person(data);
    }

    public static CompanyFacts? CompanyFind(byte[] body)
    {
        Data(body, out var data);
        return ClearbitReader.Company(data);
    }

    public static PersonFacts? CombinedFind(byte[] body)
    {
        Data(body, out var data);
        return ClearbitReader.Combined(data);
    }

    static Loose Data(byte[] body, out Loose data)
    {
        var root = Loose.ParseObject(body);
        data = root["data"];
        return data.IsObject ? root : throw new MalformedAnswerException("the answer has no data");
    }

    static CompanyFacts Company(Loose data) => new()
    {
        Name = data["organization"].Text,
        Domain = Spelling.Domain(data["domain"].Text),
        Description = data["description"].Text,
        Industry = data["industry"].Text,
        EmployeeRange = Spelling.Range(data["headcount"]),
        LinkedInUrl = Spelling.LinkedIn(data["linkedin"].Text, "company"),
        Twitter = data["twitter"].Text,
        Technologies = data["technologies"].Texts,
        Street = data["street"].Text,
        City = data["city"].Text,
        Region = data["state"].Text,
        PostalCode = data["postal_code"].Text,
        Country = data["country"].Text,
        EmailPattern = data["pattern"].Text,
        IsCatchAll = data["accept_all"].Flag,
    };

    static PersonFacts? Found(Loose item, CompanyFacts company)
    {
        if (Spelling.Email(item["value"].Text) is not { } email) return null;
        var kind = item["type"].Text == "generic" ? "generic" : "work";
        return new PersonFacts
        {
            FirstName = item["first_name"].Text,
            LastName = item["last_name"].Text,
            FullName = Spelling.Name(item["first_name"].Text, item["last_name"].Text),
            Title = item.Any("position", "position_raw").Text,
            Seniority = item["seniority"].Text,
            Department = item["department"].Text,
            Emails =
            [
                new EmailFacts(
                    email, kind, Spelling.State(item["verification"]["status"].Text),
                    Spelling.Share(item["confidence"].Number, 100), Sources(item)),
            ],
            Phones = item["phone_number"].Texts,
            LinkedInUrl = Spelling.LinkedIn(item["linkedin"].Text, "in"),
            Twitter = item["twitter"].Text,
            Company = company,
            Confidence = Spelling.Share(item["confidence"].Number, 100),
            SeenAt = item["verification"]["date"].Instant,
        };
    }

    static string[] Sources(Loose item) =>
        [.. item["sources"].Items.Select(source => source["uri"].Text).OfType<string>()];
}
