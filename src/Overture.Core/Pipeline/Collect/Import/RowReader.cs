using System.Globalization;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>What one row says, and what is wrong with it.</summary>
public sealed record ReadRow(
    IReadOnlyList<CollectedLead> Leads, IReadOnlyList<ImportProblem> Problems, bool IsRoleAddress,
    IReadOnlyList<string> Keys);

/// <summary>Reads rows by a mapping of columns to fields. Pure: the same row always reads the same.</summary>
public sealed class RowReader(
    string fileName, IReadOnlyList<string> columns, IReadOnlyDictionary<string, string> mapping)
{
    const int MaxPeoplePerRow = 20;
    const int MaxCellCharacters = 5_000;
    static readonly HashSet<string> RoleNames = new(StringComparer.Ordinal)
    {
        "info", "contact", "hello", "sales", "support", "admin", "office", "team", "mail", "help", "service",
        "jobs", "hr", "billing", "marketing", "press", "noreply", "no-reply", "webmaster", "postmaster",
        "abuse", "kontakt",
    };

    readonly Dictionary<string, int> columnOf = mapping
        .Select(pair => (Field: pair.Value, At: columns.ToList().IndexOf(pair.Key), pair.Key))
        .Select(
            found => found.At >= 0 ? found
                : throw new RuleBroken("unknown_column", $"The file has no column “{found.Key}”.", "mapping"))
        .ToDictionary(found => found.Field, found => found.At);

    public ReadRow Read(CsvRow row)
    {
        var problems = new List<ImportProblem>();
        var company = CompanyOf(row, problems);
        var email = Email(row, problems);
        var people = PeopleOf(row, email, problems);
        if (people.Count == 0 && company is null)
        {
            problems.Add(new(
                row.Line, null, null, "nothing_to_import", "The row names neither a person nor a company."));
            return new([], problems, false, []);
        }

        var detail = $"{fileName}, line {row.Line}";
        IReadOnlyList<CollectedLead> leads = people.Count == 0
            ? [new CollectedLead { Source = ImportFile.Source, Detail = detail, Company = company }]
            : [.. people.Select(person => new CollectedLead
                { Source = ImportFile.Source, Detail = detail, Company = company, Contact = person })];
        var isRole = email is not null
            && RoleNames.Contains(email[..email.LastIndexOf('@')].ToLowerInvariant());
        return new(leads, problems, isRole, [.. leads.Select(Key)]);
    }

    /// <summary>
    /// Two rows with the same key are the same person, or the same company when there is no person.
    /// </summary>
    static string Key(CollectedLead lead) =>
        ContactKey.ForEmail(lead.Contact?.Email) ?? ContactKey.ForLinkedIn(lead.Contact?.LinkedInUrl)
        ?? lead.Contact?.FullName.ToLowerInvariant() + "|"
            + (lead.Company?.Domain ?? CompanyName.ForMatching(lead.Company?.Name ?? ""));

    Company? CompanyOf(CsvRow row, List<ImportProblem> problems)
    {
        var website = Cell(row, "website", problems);
        var domain = WebDomain.Of(website);
        var name = Cell(row, "company", problems) ?? domain;
        if (name is null) return null;
        return new Company
        {
            Name = Cut(name, 300), Website = website, Domain = domain,
            LinkedInUrl = Cell(row, "company_linkedin", problems), Industry = Cell(row, "industry", problems),
            Description = Cell(row, "description", problems), City = Cell(row, "city", problems),
            Region = Cell(row, "region", problems), Country = Cell(row, "country", problems),
            EmployeeCount = Whole(row, "employee_count", 0, 10_000_000, problems),
            FoundedYear = Whole(row, "founded_year", 1000, 2200, problems),
            RaisedUsd = Whole(row, "raised_usd", 0, int.MaxValue, problems),
        };
    }

    List<Contact> PeopleOf(CsvRow row, string? email, List<ImportProblem> problems)
    {
        var first = Cell(row, "first_name", problems);
        var last = Cell(row, "last_name", problems);
        var joined = string.Join(' ', new[] { first, last }.OfType<string>());
        var name = Cell(row, "full_name", problems) ?? (joined.Length > 0 ? joined : email);
        var linkedIn = Cell(row, "linkedin_url", problems);
        if (name is null)
            return [.. Names(Cell(row, "people", problems)).Select(
                person =>
                    new Contact { FullName = Cut(person, 300), Title = "Founder",
                        Country = Cell(row, "country", []) })];
        return
        [
            new Contact
            {
                FullName = Cut(name, 300), FirstName = first, LastName = last, Email = email,
                LinkedInUrl = linkedIn, Title = Cell(row, "title", problems),
                Phone = Cell(row, "phone", problems), City = Cell(row, "city", []),
                Region = Cell(row, "region", []), Country = Cell(row, "country", []),
                TimeZone = Cell(row, "time_zone", problems),
            },
        ];
    }

    string? Email(CsvRow row, List<ImportProblem> problems)
    {
        if (Cell(row, "email", problems) is not { } text) return null;
        if (EmailAddress.TryParse(text, out var address, out var wrong) && address.CanReceive)
            return address.AddrSpec;
        problems.Add(new(
            row.Line, columns[columnOf["email"]], text, "bad_address",
            $"“{text}” is not an address that can receive mail: {wrong ?? address?.Obstacle} The row is "
            + "taken in without it."));
        return null;
    }

    int? Whole(CsvRow row, string field, int least, int most, List<ImportProblem> problems)
    {
        if (Cell(row, field, problems) is not { } text) return null;
        var digits = text.Replace("$", "", StringComparison.Ordinal)
            .Replace(",", "", StringComparison.Ordinal).Trim();
        if (digits.LastIndexOf('-') is > 0 and var dash) digits = digits[..dash].TrimEnd();
        if (decimal.TryParse(
            digits.TrimEnd('+'), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return (int)number;
        problems.Add(
            new(
                row.Line, columns[columnOf[field]], Cut(text, 100), "bad_number",
                $"“{Cut(text, 100)}” is not a number from {least:N0} to {most:N0}; it was left out."));
        return null;
    }

    string? Cell(CsvRow row, string field, List<ImportProblem> problems)
    {
        if (!columnOf.TryGetValue(field, out var at) || at >= row.Cells.Count) return null;
        var text = string.Concat(row.Cells[at].Select(letter => char.IsControl(letter) ? ' ' : letter))
            .Trim();
        if (text.Length == 0) return null;
        if (!IsFormula(text)) return Cut(text, MaxCellCharacters);
        problems.Add(
            new(
                row.Line, columns[at], Cut(text, 100), "formula",
                "The cell holds a formula, not a value; it was left out."));
        return null;
    }

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
