using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Core.Pipeline;

/// <summary>
/// Turns what we keep about a lead into the facts that ranking understands: for serving as of now, for
/// training as of the moment the lead was written to.
/// </summary>
static class FeatureBuilder
{
    /// <summary>Facts that are records rather than words.</summary>
    const string ProfileField = "linkedin_profile";
    const string SignalsField = "signals";

    /// <summary>
    /// What was learned after the moment is left out, so that an answer cannot explain itself.
    /// </summary>
    public static LeadFacts Facts(KnownLead lead, DateTime asOf)
    {
        using var facts = JsonDocument.Parse(lead.Facts);
        var known = facts.RootElement.EnumerateArray()
            .Where(fact => fact.GetProperty("at").GetDateTimeOffset().UtcDateTime <= asOf).ToList();
        return new LeadFacts
        {
            Title = lead.Title,
            Country = lead.Country,
            Region = lead.Region,
            Profile = Newest<ProfileFacts>(known, ProfileField),
            Signals = Newest<IReadOnlyList<SignalFact>>(known, SignalsField),
            Notes = string.Join('\n', known.Where(fact => !IsRecord(fact))
                .Select(fact => Words(fact.GetProperty("value")))
                .Where(words => !string.IsNullOrWhiteSpace(words))),
            Company = lead.CompanyName is null
                ? null
                : new CompanyFacts
                {
                    Name = lead.CompanyName,
                    Domain = lead.CompanyDomain,
                    Industry = lead.Industry,
                    EmployeeCount = lead.EmployeeCount,
                    FoundedYear = lead.FoundedYear,
                    FundedOn = lead.RaisedOn,
                    FundingUsd = lead.RaisedUsd,
                    Description = lead.Description,
                },
        };
    }

    static bool IsRecord(JsonElement fact) =>
        fact.GetProperty("field").GetString() is ProfileField or SignalsField;

    /// <summary>
    /// The newest fact of a field as a record; null when there is none that can be read as one.
    /// </summary>
    static T? Newest<T>(List<JsonElement> known, string field)
        where T : class
    {
        try
        {
            var newest = known.Find(fact => fact.GetProperty("field").GetString() == field);
            return newest.ValueKind == JsonValueKind.Undefined
                ? null : newest.GetProperty("value").Deserialize<T>(JobJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(item => item.ToString())),
        _ => null,
    };
}
