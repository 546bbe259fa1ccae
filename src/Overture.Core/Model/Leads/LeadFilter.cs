using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Overture.Core.Model;

public enum LeadSort
{
    Newest,
    Score,
    Name,
    Company,
}

/// <summary>A phase that a lead has been through, whatever its state is by now.</summary>
public enum LeadPhase
{
    Enriched,
    Ranked,
}

/// <summary>
/// Which leads, in what order. The same filter is a page's address, a REST query and an audience.
/// </summary>
public sealed record LeadFilter
{
    public string? Search { get; init; }
    public LeadState? State { get; init; }
    public string? Source { get; init; }
    public string? Industry { get; init; }
    public string? Country { get; init; }
    public decimal? MinScore { get; init; }
    public bool? HasEmail { get; init; }
    public long? ListId { get; init; }
    public long? CompanyId { get; init; }
    public LeadPhase? Reached { get; init; }

    /// <summary>Those whom this campaign writes to, or has written to.</summary>
    public long? EnrolledIn { get; init; }
    public LeadSort Sort { get; init; } = LeadSort.Newest;

    [JsonIgnore]
    public bool IsEmpty => this == new LeadFilter { Sort = Sort };

    /// <summary>Whether the leads that meet everything but words lie in the order of the list.</summary>
    internal bool IsOrderedByIndex => Sort switch
    {
        LeadSort.Newest => State is not null || CompanyId is not null || Reached is not null,
        LeadSort.Score => State is not null || CompanyId is not null || MinScore is not null,
        _ => false,
    };

    [JsonIgnore]
    public bool IsWholeList => ListId is not null && this == new LeadFilter { ListId = ListId, Sort = Sort };
}

/// <summary>Everybody whom a filter names, or only those who were ticked among them.</summary>
public sealed record LeadSelection(LeadFilter Filter, IReadOnlyList<long>? Ids = null);

/// <summary>
/// Where a page ended: the last row's sort value and id. Opaque to callers, checked when it comes back.
/// </summary>
public sealed record LeadCursor(string? Value, long Id)
{
    const char Separator = '\n';

    public string Encode() =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $"{Id.ToString(CultureInfo.InvariantCulture)}{Separator}{(Value is null ? "" : "=" + Value)}"));

    public static LeadCursor? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(text)).Split(Separator, 2);
            var value = parts[1].Length == 0 ? null : parts[1][1..];
            return new LeadCursor(value, long.Parse(parts[0], CultureInfo.InvariantCulture));
        }
        catch (Exception malformed) when (
            malformed is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new RuleBroken(
                "bad_cursor",
                "This cursor is not one of ours; take next_cursor from the previous page, or leave it out.",
                "cursor");
        }
    }
}
