using System.Text.Json;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>Turns what we keep about a lead into the facts that ranking understands.</summary>
static class FeatureBuilder
{
    public static LeadFacts Facts(Contact contact, Company? company) => new()
    {
        Title = contact.Title,
        Country = contact.Country ?? company?.Country,
        Region = contact.Region ?? contact.City ?? company?.Region ?? company?.City,
        Company = company is null
            ? null
            : new CompanyFacts
            {
                Name = company.Name,
                Domain = company.Domain,
                Industry = company.Industry,
                EmployeeCount = company.EmployeeCount,
                FoundedYear = company.FoundedYear,
                FundedOn = company.RaisedOn,
                FundingUsd = company.RaisedUsd,
                Description = company.Description,
            },
    };

    /// <summary>The text in which campaign keywords are looked for.</summary>
    public static string Text(Contact contact, Company? company, IEnumerable<Fact> facts) =>
        string.Join(
            '\n',
            new[] { contact.Title, company?.Name, company?.Industry, company?.Description }
                .Concat(facts.Select(fact => Words(fact.Value)))
                .Where(part => !string.IsNullOrWhiteSpace(part)));

    static string? Words(string json)
    {
        using var value = JsonDocument.Parse(json);
        return value.RootElement.ValueKind switch
        {
            JsonValueKind.String => value.RootElement.GetString(),
            JsonValueKind.Array =>
                string.Join(' ', value.RootElement.EnumerateArray().Select(item => item.ToString())),
            _ => null,
        };
    }
}
