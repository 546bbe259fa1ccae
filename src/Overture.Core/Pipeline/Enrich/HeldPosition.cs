using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Providers;

namespace Overture.Core.Pipeline;

/// <summary>
/// A position of a person's work history, as a provider tells it. Times are "2019", "2019-05" or
/// "2019-05-01".
/// </summary>
public sealed record HeldPosition(string? Title, string? Company, string? From, string? To, bool IsCurrent)
{
    /// <summary>Under this name a person's positions are kept among the facts.</summary>
    public const string Field = "positions";

    const int LongestText = 200;

    internal static HeldPosition Of(PositionFacts position) => new(
        Clean(position.Title), Clean(position.CompanyName), Clean(position.StartedOn),
        Clean(position.EndedOn), position.IsCurrent);

    /// <summary>
    /// The fact's value for people: "CTO, Example Ltd, since 2019-05; Engineer, until 2018".
    /// </summary>
    public static string InWords(string json)
    {
        var positions = JsonSerializer.Deserialize<IReadOnlyList<HeldPosition>>(json, JobJson.Options) ?? [];
        return string.Join("; ", positions.Select(held => string.Join(
            ", ", new[] { held.Title, held.Company, held.Times }.Where(part => part is not null))));
    }

    string? Times => (From, To) switch
    {
        ({ } from, { } to) => $"{from} to {to}",
        ({ } from, null) => IsCurrent ? $"since {from}" : $"from {from}",
        (null, { } to) => $"until {to}",
        _ => null,
    };

    /// <summary>The database refuses the character NUL.</summary>
    static string? Clean(string? text) =>
        text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 } words
            ? words.Length > LongestText ? words[..LongestText] : words
            : null;
}
