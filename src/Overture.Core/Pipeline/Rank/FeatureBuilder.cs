using System.Globalization;
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

    /// <summary>The kind of a signal: somebody took a new position.</summary>
    const string NewRole = "new_role";

    /// <summary>
    /// What was learned after the moment is left out, so that an answer cannot explain itself.
    /// </summary>
    public static LeadFacts Facts(KnownLead lead, DateTime asOf)
    {
        using var facts = JsonDocument.Parse(lead.Facts);
        var known = facts.RootElement.EnumerateArray()
            .Where(fact => fact.GetProperty("at").GetDateTimeOffset().UtcDateTime <= asOf).ToList();
        var positions = Newest<IReadOnlyList<HeldPosition>>(known, HeldPosition.Field);
        return new LeadFacts
        {
            Title = lead.Title,
            Country = lead.Country,
            Region = lead.Region,
            Profile = Newest<ProfileFacts>(known, ProfileField) ?? WorkHistory(positions),
            Signals = Newest<IReadOnlyList<SignalFact>>(known, SignalsField) ?? NewRoles(positions),
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
        fact.GetProperty("field").GetString() 
            is ProfileField or SignalsField or HeldPosition.Field;

    /// <summary>
    /// Positions that a provider told of are all that is known of a profile nobody has read. One that is
    /// over, nobody knows when, is left out: without an end it would count as held.
    /// </summary>
    static ProfileFacts? WorkHistory(IReadOnlyList<HeldPosition>? positions) =>
        positions is null ? null : new()
    {
        IsWorkHistoryOnly = true,
        Positions =
        [
            .. positions.Where(held => held.IsCurrent || Month(held.To) is not null)
                .Select(held => new PositionFacts(
                    held.Title, held.Company, null, null, Month(held.From),
                    held.IsCurrent ? null : Month(held.To))),
        ],
    };

    static IReadOnlyList<SignalFact>? NewRoles(IReadOnlyList<HeldPosition>? positions) => positions is null
        ? null
        : [.. positions.Where(held => held.IsCurrent).Select(held => Month(held.From)).OfType<YearMonth>()
            .Where(began => began.Month is not null)
            .Select(began => new SignalFact(NewRole, new DateOnly(began.Year, began.Month!.Value, 1)))];

    /// <summary>"2019", "2019-05" or "2019-05-01"; null for anything else.</summary>
    static YearMonth? Month(string? text)
    {
        var parts = text?.Split('-') ?? [];
        if (parts.Length is 0 or > 3 || !int.TryParse(parts[0], NumberStyles.None, null, out var year)
            || year is < 1900 or > 2200)
            return null;
        return parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, null, out var month)
            && month is >= 1 and <= 12
                ? new YearMonth(year, month)
                : new YearMonth(year);
    }

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
