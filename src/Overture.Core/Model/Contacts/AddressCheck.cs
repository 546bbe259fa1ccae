using System.Text.Json;

namespace Overture.Core.Model;

/// <summary>What a verifier said of an address: "valid", "risky", "invalid" or "unknown".</summary>
public sealed record AddressCheck(string Email, string State, string? Said)
{
    /// <summary>The field under which checks are kept as facts.</summary>
    public const string Field = "address_check";

    /// <summary>The latest check of exactly this address; null when there is none.</summary>
    public static AddressCheck? Of(string? email, IEnumerable<Fact> facts)
    {
        var key = ContactKey.ForEmail(email);
        return facts.Where(fact => fact.Field == Field).OrderByDescending(fact => fact.ObservedAt)
            .Select(fact => Read(fact.Value)).FirstOrDefault(check => ContactKey.ForEmail(check?.Email) == key);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Jobs.JobJson.Options);

    static AddressCheck? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<AddressCheck>(json, Jobs.JobJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
