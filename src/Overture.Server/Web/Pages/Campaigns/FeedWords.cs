using System.Text.Json;
using Overture.Core.Reports;

namespace Overture.Server.Web;

/// <summary>An event as a person reads it.</summary>
static class FeedWords
{
    public static string Of(CampaignEvent one) => one.Kind switch
    {
        "opened" => Text(one, "human") == "true" ? "Opened" : "Opened by a machine",
        "clicked" => Text(one, "human") == "true" ? "Clicked" : "Clicked by a machine",
        "replied" => Text(one, "intent") is { } intent ? $"Replied: {intent.Replace('_', ' ')}" : "Replied",
        "branched" => Text(one, "answer") == "true" ? "Condition: yes" : "Condition: no",
        "finished" => $"Finished: {Text(one, "reason")?.Replace('_', ' ')}",
        _ => Words.Of(one.Kind),
    };

    static string? Text(CampaignEvent one, string name)
    {
        if (one.Data is null) return null;
        using var data = JsonDocument.Parse(one.Data);
        return data.RootElement.ValueKind == JsonValueKind.Object
            && data.RootElement.TryGetProperty(name, out var value) ? value.ToString().ToLowerInvariant() : null;
    }
}
