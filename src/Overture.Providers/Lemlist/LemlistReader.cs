namespace Overture.Providers.Lemlist;

/// <summary>A campaign there.</summary>
public sealed record LemlistCampaign(string Id, string? Title, string? State, DateTimeOffset? CreatedAt);

/// <summary>Something that happened to a lead there.</summary>
/// <param name="Id">Its id, also the key against duplicates.</param>
/// <param name="Kind">"emailsSent", "emailsReplied" …</param>
/// <param name="At">When.</param>
public sealed record LemlistActivity(string Id, string Kind, DateTimeOffset? At)
{
    /// <summary>The campaign's id.</summary>
    public string? CampaignId { get; init; }

    /// <summary>The campaign's name.</summary>
    public string? CampaignTitle { get; init; }

    /// <summary>From 0; moves when steps are reordered.</summary>
    public int? Step { get; init; }

    /// <summary>The lead's id.</summary>
    public string? LeadId { get; init; }

    /// <summary>The lead; null for activities of a company or the team.</summary>
    public PersonFacts? Lead { get; init; }

    /// <summary>Made by a machine (an automatic opening): to be ignored.</summary>
    public bool IsBot { get; init; }

    /// <summary>The message's Message-ID, if any.</summary>
    public string? MessageId { get; init; }

    /// <summary>The sender's address.</summary>
    public string? SenderEmail { get; init; }
}

/// <summary>Someone who must not be written to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Value">An address, a domain ("@example.com"), a number or a profile.</param>
/// <param name="Source">"user", "lead", "bounced" …</param>
/// <param name="At">Since when.</param>
public sealed record LemlistUnsubscribe(string? Id, string Value, string? Source, DateTimeOffset? At);

/// <summary>
/// Reads lemlist's answers: bare lists, or lists inside an object, with names in several cases.
/// </summary>
static class LemlistReader
{
    static readonly string[] KnownFields =
    [
        "_id", "email", "firstName", "firstname", "lastName", "lastname", "companyName", "company",
        "jobTitle", "jobtitle", "linkedinUrl", "phone", "companyDomain", "campaignId", "campaignName",
        "contactId", "isPaused", "state",
    ];

    public static SearchPage<LemlistCampaign> Campaigns(byte[] body)
    {
        var root = Loose.Parse(body);
        var list = root.IsList ? root : root["campaigns"];
        if (!IsListOfObjects(list)) throw new MalformedAnswerException("the answer has no campaigns");
        var paging = root["pagination"];
        return new SearchPage<LemlistCampaign>(
            [
                .. list.Items.Where(item => item["_id"].Text is not null).Select(item => new LemlistCampaign(
                    item["_id"].Text!, item["name"].Text, item["status"].Text, item["createdAt"].Instant)),
            ], paging["totalRecords"].Whole, paging["nextPage"].Text);
    }

    public static SearchPage<PersonFacts> Leads(byte[] body)
    {
        var list = Loose.Parse(body);
        if (list.IsObject) list = list.Any("leads", "data");
        if (!IsListOfObjects(list)) throw new MalformedAnswerException("the answer has no leads");
        return new SearchPage<PersonFacts>([.. list.Items.Select(Lead).OfType<PersonFacts>()], null, null);
    }

    public static PersonFacts? OneLead(byte[] body)
    {
        var root = Loose.Parse(body);
        return Lead(root.IsList ? root.Items.FirstOrDefault() : root);
    }

    public static SearchPage<LemlistActivity> Activities(byte[] body)
    {
        var root = Loose.Parse(body);
        if (root.IsObject && root["activities"].IsList) root = root["activities"];
        if (!IsListOfObjects(root) && !root["_id"].IsThere)
            throw new MalformedAnswerException("the answer has no activities");
        return new SearchPage<LemlistActivity>(
            [.. root.Items.Select(Activity).OfType<LemlistActivity>()], null, null);
    }

    public static LemlistActivity? OneActivity(byte[] body) => Activity(Loose.ParseObject(body));

    public static SearchPage<LemlistUnsubscribe> Unsubscribes(byte[] body)
    {
        var root = Loose.Parse(body);
        if (!IsListOfObjects(root) && !root["value"].IsThere)
            throw new MalformedAnswerException($"a list was expected, not {root.Kind}");
        return new SearchPage<LemlistUnsubscribe>(
            [
                .. root.Items.Select(item => item.Any("value", "email", "_id").Text is { } value
                    ? new LemlistUnsubscribe(
                        item["_id"].Text, value, item["source"].Text, item["createdAt"].Instant)
                    : null).OfType<LemlistUnsubscribe>(),
            ], null, null);
    }

    public static Allowance Credits(byte[] body)
    {
        var root = Loose.ParseObject(body);
        Dictionary<string, decimal> left = new(StringComparer.Ordinal);
        if (root["credits"].Number is { } credits) left["credits"] = credits;
        foreach (var (name, value) in root["details"]["remaining"].Fields)
        {
            if (value.Number is { } number) left[name] = number;
        }

        return new Allowance(null, new Dictionary<string, decimal>(), left, null);
    }

    static bool IsListOfObjects(Loose list) =>
        list.IsList && (!list.Items.Any() || list.Items.Any(item => item.IsObject));

    static PersonFacts? Lead(Loose lead)
    {
        if (!lead.IsObject || !lead.Any("_id", "email").IsThere) return null;
        // Custom variables stand beside the known fields, or in a folder of their own.
        var own = lead["variables"].IsObject ? lead["variables"] : lead;
        string? Value(params ReadOnlySpan<string> names) => own.Any(names).Text ?? lead.Any(names).Text;
        var (first, last) = (Value("firstName", "firstname"), Value("lastName", "lastname"));
        return new PersonFacts
        {
            ProviderId = lead["_id"].Text,
            FirstName = first,
            LastName = last,
            FullName = Spelling.Name(first, last),
            Title = Value("jobTitle", "jobtitle"),
            Emails = Spelling.Email(Value("email")) is { } email
                ? [new EmailFacts(email, null, Spelling.State(lead["enrichment"]["emailStatus"].Text))]
                : [],
            Phones = Value("phone") is { } phone ? [phone] : [],
            LinkedInUrl = Spelling.LinkedIn(Value("linkedinUrl", "linkedinurl"), "in"),
            Company = Value("companyName", "company") is { } name
                ? new CompanyFacts { Name = name, Domain = Spelling.Domain(Value("companyDomain")) }
                : null,
            More = own.Fields.Where(pair => pair.Value.Text is not null && !KnownFields.Contains(pair.Name))
                .GroupBy(pair => pair.Name, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last().Value.Text!, StringComparer.Ordinal),
        };
    }

    static LemlistActivity? Activity(Loose item)
    {
        if (item["_id"].Text is not { } id || item["type"].Text is not { } kind) return null;
        return new LemlistActivity(id, kind, item["createdAt"].Instant)
        {
            CampaignId = item["campaignId"].Text,
            CampaignTitle = item.Any("campaignName", "name").Text,
            Step = item["sequenceStep"].Count,
            LeadId = item["leadId"].Text ?? item["lead"]["_id"].Text,
            Lead = LeadOf(item),
            IsBot = item["bot"].Flag ?? false,
            MessageId = item["messageId"].Text,
            SenderEmail = item["sendUserEmail"].Text,
        };
    }

    static PersonFacts? LeadOf(Loose item)
    {
        if (Lead(item["lead"]) is { } lead) return lead;
        var email = Spelling.Email(item.Any("leadEmail", "email").Text);
        var (first, last) = (item["leadFirstName"].Text, item["leadLastName"].Text);
        if (email is null && first is null && last is null) return null;
        return new PersonFacts
        {
            ProviderId = item["leadId"].Text,
            FirstName = first,
            LastName = last,
            FullName = Spelling.Name(first, last),
            Emails = email is null ? [] : [new EmailFacts(email)],
            Company = item["leadCompanyName"].Text is { } name ? new CompanyFacts { Name = name } : null,
        };
    }
}
