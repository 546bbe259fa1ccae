using System.Text.Json;

namespace Overture.Server.Web;

/// <summary>
/// The reasons kept with a score, read as they were written; parts that are missing are empty.
/// </summary>
public sealed record ScoreExplanation(
    string? Why, IReadOnlyList<(string Sentence, double Points)> Reasons,
    IReadOnlyList<(string Sentence, double Points)> Fit, IReadOnlyList<string> Unknown)
{
    public static ScoreExplanation None { get; } = new(null, [], [], []);

    public static ScoreExplanation Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return None;
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return None;
        return new ScoreExplanation(
            root.TryGetProperty("why", out var why) ? why.GetString() : null,
            [.. Reasoned(root, "reasons")], [.. Reasoned(root, "fit")],
            [.. Items(root, "unknown").Select(item => item.ToString())]);
    }

    static IEnumerable<(string Sentence, double Points)> Reasoned(JsonElement root, string name) =>
        from item in Items(root, name)
        where item.ValueKind == JsonValueKind.Object
        let sentence = item.TryGetProperty("sentence", out var text) ? text.GetString() : null
        where sentence is not null
        select (sentence, item.TryGetProperty("points", out var points)
            && points.TryGetDouble(out var number) ? number : 0);

    static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray() : [];
}
