using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>What one row says, and what is wrong with it.</summary>
sealed record ReadRow(
    IReadOnlyList<FoundLead> Leads, IReadOnlyList<ImportProblem> Problems, bool IsRoleAddress);

/// <summary>Reads rows by a mapping of columns to fields. Pure: the same row always reads the same.</summary>
sealed class RowReader
{
    const int MaxPeoplePerRow = 20;
    const int MaxCellCharacters = 5_000;
    const int MaxNameCharacters = 300;
    const int MaxRememberedSites = 50_000;
    static readonly HashSet<string> RoleNames = new(StringComparer.Ordinal)
    {
        "info", "contact", "hello", "sales", "support", "admin", "office", "team", "mail", "help", "service",
        "jobs", "hr", "billing", "marketing", "press", "noreply", "no-reply", "webmaster", "postmaster",
        "abuse", "kontakt",
    };

    readonly IReadOnlyList<string> columns;
    readonly Dictionary<string, int> columnOf;
    readonly Dictionary<string, string> matchNameOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, string?> domainOf = new(StringComparer.Ordinal);
    List<ImportProblem> problems = [];
    CsvRows row = null!;

    public RowReader(IReadOnlyList<string> columns, IReadOnlyDictionary<string, string> mapping)
    {
        this.columns = columns;
        columnOf =
            mapping.Select(pair => (Field: pair.Value, At: columns.ToList().IndexOf(pair.Key), pair.Key))
            .Select(found => found.At >= 0 ? found
                : throw new RuleBroken("unknown_column", $"The file has no column “{found.Key}”.", "mapping"))
            .ToDictionary(found => found.Field, found => found.At);
    }

    public ReadRow Read(CsvRows next)
    {
        row = next;
        problems = [];
        var company = CompanyOf();
        var email = Email();
        var people = PeopleOf(email);
        if (people.Count == 0 && company is null)
        {
            Report(null, null, "nothing_to_import", "The row names neither a person nor a company.");
            return new([], problems, false);
        }

        IReadOnlyList<FoundLead> leads = people.Count == 0
            ? [FoundLead.Of(row.Line, company, null)]
            : [.. people.Select(person => FoundLead.Of(row.Line, company, person))];
        return new(leads, problems, email is not null && RoleNames.Contains(LocalPart(email)));
    }

    /// <summary>
    /// Two rows with the same key are the same person, or the same company when there is no person. Eight
    /// bytes are kept of each, so that millions of rows fit into little memory.
    /// </summary>
    public static ulong Key(FoundLead lead)
    {
        var key = lead.Keys.Email ?? lead.Keys.Profile
            ?? lead.Keys.Name + "|" + (lead.Company?.Company.Domain ?? lead.Company?.MatchName);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    static string LocalPart(string email) => email[..email.LastIndexOf('@')].ToLowerInvariant();

    FoundCompany? CompanyOf()
    {
        var website = Cell("website");
        var domain = DomainOf(website);
        var name = Cell("company") ?? domain;
        if (name is null) return null;
        name = Cut(name, MaxNameCharacters);
        var company = new Company
        {
            Name = name, Website = website, Domain = domain,
            LinkedInUrl = Cell("company_linkedin"), Industry = Cell("industry"),
            Description = Cell("description"), City = Cell("city"), Region = Cell("region"),
            Country = Cell("country"), EmployeeCount = Whole("employee_count", 0, 10_000_000),
            FoundedYear = Whole("founded_year", 1000, 2200),
            RaisedUsd = Whole("raised_usd", 0, int.MaxValue),
        };
        return new FoundCompany(company, MatchNameOf(name));
    }

    // A list names the same sites again and again, and the registrable part is not quickly found.
    string? DomainOf(string? website)
    {
        if (website is null) return null;
        if (domainOf.TryGetValue(website, out var known)) return known;
        if (domainOf.Count >= MaxRememberedSites) domainOf.Clear();
        return domainOf[website] = WebDomain.Of(website);
    }

    string MatchNameOf(string name)
    {
        if (matchNameOf.TryGetValue(name, out var known)) return known;
        if (matchNameOf.Count >= MaxRememberedSites) matchNameOf.Clear();
        return matchNameOf[name] = CompanyName.ForMatching(name);
    }

    List<Contact> PeopleOf(string? email)
    {
        var first = Cell("first_name");
        var last = Cell("last_name");
        var name = Cell("full_name") ?? Joined(first, last) ?? email;
        var linkedIn = Cell("linkedin_url");
        if (name is null)
            return [.. Names(Cell("people")).Select(person => new Contact
                { FullName = Cut(person, MaxNameCharacters), Title = "Founder",
                    Country = Quietly("country") })];
        return
        [
            new Contact
            {
                FullName = Cut(name, MaxNameCharacters), FirstName = first, LastName = last, Email = email,
                LinkedInUrl = linkedIn, Title = Cell("title"), Phone = Cell("phone"), City = Quietly("city"),
                Region = Quietly("region"), Country = Quietly("country"), TimeZone = Cell("time_zone"),
            },
        ];
    }

    static string? Joined(string? first, string? last) =>
        first is null ? last : last is null ? first : $"{first} {last}";

    string? Email()
    {
        if (Cell("email") is not { } text) return null;
        if (EmailAddress.TryParse(text, out var address, out var wrong) && address.CanReceive)
            return address.AddrSpec;
        Report(
            "email", text, "bad_address",
            $"“{text}” is not an address that can receive mail: {wrong ?? address?.Obstacle} The row is "
            + "taken in without it.");
        return null;
    }

    int? Whole(string field, int least, int most)
    {
        if (Cell(field) is not { } text) return null;
        var digits = text.Replace("$", "", StringComparison.Ordinal)
            .Replace(",", "", StringComparison.Ordinal).Trim();
        if (digits.LastIndexOf('-') is > 0 and var dash) digits = digits[..dash].TrimEnd();
        if (decimal.TryParse(
            digits.TrimEnd('+'), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return (int)number;
        Report(
            field, Cut(text, 100), "bad_number",
            $"“{Cut(text, 100)}” is not a number from {least:N0} to {most:N0}; it was left out.");
        return null;
    }

    string? Cell(string field)
    {
        if (Value(field) is not { } text) return null;
        if (Plain(text) is { } plain) return plain;
        Report(
            field, Cut(text, 100), "formula", "The cell holds a formula, not a value; it was left out.");
        return null;
    }

    // A cell that was complained about once is not complained about again.
    string? Quietly(string field) => Value(field) is { } text ? Plain(text) : null;

    // A text of our own export stands behind an apostrophe where a spreadsheet would take it for a formula.
    static string? Plain(string text) =>
        CsvLine.Restored(text) is var restored && restored.Length < text.Length ? restored
            : IsFormula(text) ? null : text;

    string? Value(string field)
    {
        if (!columnOf.TryGetValue(field, out var at)) return null;
        var text = row.Text(at);
        if (HasControl(text)) text = WithoutControl(text);
        return text.Length == 0 ? null : Cut(text, MaxCellCharacters);
    }

    static bool HasControl(string text)
    {
        foreach (var letter in text)
            if (char.IsControl(letter)) return true;
        return false;
    }

    static string WithoutControl(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var letter in text) clean.Append(char.IsControl(letter) ? ' ' : letter);
        return clean.ToString().Trim();
    }

    void Report(string? field, string? value, string code, string sentence) => problems.Add(new ImportProblem(
        (int)row.Line, field is null ? null : columns[columnOf[field]], value, code, sentence));

    /// <summary>
    /// A sign and a digit start a number or a phone; anything else after these signs is a formula.
    /// </summary>
    static bool IsFormula(string text) =>
        text[0] is '=' or '@'
            || (text[0] is '+' or '-' && text.Length > 1 && !char.IsDigit(text[1])
                && text[1] is not (' ' or '(' or '.'));

    /// <summary>"['Ann Lee', 'Bo Ray']", "Ann Lee, Bo Ray" and "Ann Lee; Bo Ray" are the same list.</summary>
    static IEnumerable<string> Names(string? list) =>
        list is null
            ? []
            : list.Trim('[', ']')
                .Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(name => name.Trim('\'', '"', ' ')).Where(name => name.Length > 1).Distinct()
                    .Take(MaxPeoplePerRow);

    /// <summary>Never between the two halves of one letter: half a letter cannot be stored.</summary>
    static string Cut(string text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
