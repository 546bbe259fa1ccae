using System.Text.Json;

namespace Overture.Server.Web;

/// <summary>A stored JSON value in words: a list becomes `a, b`, an object `name: value`.</summary>
static class JsonText
{
    // The database keeps no order of its own; what belongs to a phase is told in the order of the phases.
    static readonly string[] Order =
        ["collected", "enriched", "ranked", "enrolled", "composed", "sent", "captured", "failed", "uncertain",
            "bounced",
         "replied", "unsubscribed"];

    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    /// <summary>The members of an object, each in words; empty for anything else.</summary>
    public static IReadOnlyList<(string Name, string Value)> Members(string? json)
    {
        if (json is null) return [];
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? [.. document.RootElement.EnumerateObject().OrderBy(member => Place(member.Name))
                .Select(member => (Words.Of(member.Name), Of(member.Value)))]
            : [];
    }

    static int Place(string name) => Array.IndexOf(Order, name) is >= 0 and var at ? at : Order.Length;

    static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Of)),
        JsonValueKind.Object => string.Join(
            ", ", value.EnumerateObject()
                .Select(member => $"{Words.Of(member.Name).ToLowerInvariant()}: {Of(member.Value)}")),
        JsonValueKind.Null or JsonValueKind.Undefined => "none",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole.ToString("#,0"),
        _ => value.ToString(),
    };
}
