using System.Globalization;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a file can say about a person or a company, column by column, as text.</summary>
static class RecordFields
{
    public static readonly IReadOnlyList<string> OfContact =
    [
        "company_id", "full_name", "first_name", "last_name", "title", "email", "phone", "linkedin_url",
        "city", "region", "country", "time_zone",
    ];

    public static readonly IReadOnlyList<string> OfCompany =
    [
        "name", "domain", "website", "linkedin_url", "industry", "description", "country", "region", "city",
        "phone", "employee_count", "founded_year", "raised_usd",
    ];

    public static IReadOnlyList<string> Of(MentionKind kind) =>
        kind == MentionKind.Contact ? OfContact : OfCompany;

    /// <summary>In the order of <see cref="OfContact"/>.</summary>
    public static string?[] Of(Contact contact) =>
    [
        Text(contact.CompanyId), contact.FullName, contact.FirstName, contact.LastName, contact.Title,
        contact.Email, contact.Phone, contact.LinkedInUrl, contact.City, contact.Region, contact.Country,
        contact.TimeZone,
    ];

    /// <summary>In the order of <see cref="OfCompany"/>.</summary>
    public static string?[] Of(Company company) =>
    [
        company.Name, company.Domain, company.Website, company.LinkedInUrl, company.Industry,
        company.Description, company.Country, company.Region, company.City, company.Phone,
        Text(company.EmployeeCount), Text(company.FoundedYear),
        company.RaisedUsd?.ToString("0.##", CultureInfo.InvariantCulture),
    ];

    /// <summary>A name is never taken away.</summary>
    public static Contact With(Contact contact, string?[] values) => contact with
    {
        CompanyId = Number(values[0]), FullName = values[1] ?? contact.FullName, FirstName = values[2],
        LastName = values[3], Title = values[4], Email = values[5], Phone = values[6],
        LinkedInUrl = values[7], City = values[8], Region = values[9], Country = values[10],
        TimeZone = values[11],
    };

    public static Company With(Company company, string?[] values) => company with
    {
        Name = values[0] ?? company.Name, Domain = values[1], Website = values[2], LinkedInUrl = values[3],
        Industry = values[4], Description = values[5], Country = values[6], Region = values[7],
        City = values[8], Phone = values[9], EmployeeCount = (int?)Number(values[10]),
        FoundedYear = (int?)Number(values[11]), RaisedUsd = Amount(values[12]),
    };

    /// <summary>What tells who it is, and what no file therefore replaces by something else.</summary>
    public static bool Identifies(MentionKind kind, string field) =>
        kind == MentionKind.Contact ? field is "email" or "linkedin_url" : field == "domain";

    /// <summary>16 bits by which a value is known again, the same on every node; 0 for none.</summary>
    public static short Mark(string? value)
    {
        if (value is null) return 0;
        // FNV-1a, folded.
        var hash = 2_166_136_261u;
        foreach (var letter in value) hash = (hash ^ letter) * 16_777_619;
        var folded = (ushort)(hash ^ (hash >> 16));
        return folded == 0 ? (short)1 : (short)folded;
    }

    static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    static long? Number(string? text) =>
        text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);

    static decimal? Amount(string? text) =>
        text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
}
