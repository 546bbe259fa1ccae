using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Decides, field by field, what stays when a source tells of somebody who is known already.
/// </summary>
static class Merge
{
    public static Company Companies(Company known, Company incoming, DuplicateRule rule)
    {
        if (rule == DuplicateRule.Skip) return known;
        return known with
        {
            Name = rule == DuplicateRule.Overwrite ? incoming.Name : known.Name,
            Domain = known.Domain ?? incoming.Domain,
            Cik = known.Cik ?? incoming.Cik,
            Website = Pick(known.Website, incoming.Website, rule),
            LinkedInUrl = Pick(known.LinkedInUrl, incoming.LinkedInUrl, rule),
            Industry = Pick(known.Industry, incoming.Industry, rule),
            Description = Pick(known.Description, incoming.Description, rule),
            Country = Pick(known.Country, incoming.Country, rule),
            Region = Pick(known.Region, incoming.Region, rule),
            City = Pick(known.City, incoming.City, rule),
            Phone = Pick(known.Phone, incoming.Phone, rule),
            EmployeeCount = Pick(known.EmployeeCount, incoming.EmployeeCount, rule),
            FoundedYear = Pick(known.FoundedYear, incoming.FoundedYear, rule),
            RaisedUsd = Later(known, incoming) ? incoming.RaisedUsd ?? known.RaisedUsd : known.RaisedUsd,
            RaisedOn = Later(known, incoming) ? incoming.RaisedOn ?? known.RaisedOn : known.RaisedOn,
        };
    }

    /// <summary>An address or profile that identifies the person is never replaced by another one.</summary>
    public static Contact Contacts(Contact known, Contact incoming, DuplicateRule rule)
    {
        if (rule == DuplicateRule.Skip) return known;
        return known with
        {
            CompanyId = Pick(known.CompanyId, incoming.CompanyId, rule),
            FullName = rule == DuplicateRule.Overwrite ? incoming.FullName : known.FullName,
            FirstName = Pick(known.FirstName, incoming.FirstName, rule),
            LastName = Pick(known.LastName, incoming.LastName, rule),
            Title = Pick(known.Title, incoming.Title, rule),
            Email = known.Email ?? incoming.Email,
            Phone = Pick(known.Phone, incoming.Phone, rule),
            LinkedInUrl = ContactKey.ForLinkedIn(known.LinkedInUrl) is null
                ? incoming.LinkedInUrl ?? known.LinkedInUrl
                : known.LinkedInUrl,
            City = Pick(known.City, incoming.City, rule),
            Region = Pick(known.Region, incoming.Region, rule),
            Country = Pick(known.Country, incoming.Country, rule),
            TimeZone = Pick(known.TimeZone, incoming.TimeZone, rule),
        };
    }

    static bool Later(Company known, Company incoming) =>
        known.RaisedOn is null || (incoming.RaisedOn is { } on && on >= known.RaisedOn);

    static string? Pick(string? known, string? incoming, DuplicateRule rule) =>
        rule == DuplicateRule.Overwrite ? incoming ?? known : known ?? incoming;

    static T? Pick<T>(T? known, T? incoming, DuplicateRule rule) where T : struct =>
        rule == DuplicateRule.Overwrite ? incoming ?? known : known ?? incoming;
}
