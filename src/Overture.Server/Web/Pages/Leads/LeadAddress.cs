using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Overture.Core.Model;

namespace Overture.Server.Web;

/// <summary>
/// A filter over leads as the query of an address: the page's own, a saved view's, an export's.
/// </summary>
static class LeadAddress
{
    static readonly string[] Names =
    [
        "search", "state", "source", "industry", "has_email", "country", "min_score", "list", "company",
        "campaign", "reached", "sort",
    ];

    /// <summary>An address typed by hand may hold anything; what is not understood filters nothing.</summary>
    public static LeadFilter Filter(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? Text(string name) =>
            values.TryGetValue(name, out var value) && value.ToString().Trim() is { Length: > 0 } text
                ? text : null;
        return new LeadFilter
        {
            Search = Text("search"), State = Word<LeadState>(Text("state")), Source = Text("source"),
            Industry = Text("industry"), Country = Text("country"), MinScore = Number(Text("min_score")),
            HasEmail = bool.TryParse(Text("has_email"), out var has) ? has : null,
            ListId = Id(Text("list")), CompanyId = Id(Text("company")), EnrolledIn = Id(Text("campaign")),
            Reached = Word<LeadPhase>(Text("reached")),
            Sort = Word<LeadSort>(Text("sort")) ?? LeadSort.Newest,
        };
    }

    /// <summary>
    /// The filter and order alone, in one order of names: two addresses that show the same have the same.
    /// Without the question mark; empty for all leads.
    /// </summary>
    public static string Canonical(string? query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var kept = new QueryBuilder();
        foreach (var name in Names)
            if (values.TryGetValue(name, out var value) && value.ToString().Trim() is { Length: > 0 } text
                && !(name == "sort" && text == "newest"))
                kept.Add(name, text);
        return kept.ToQueryString().Value!.TrimStart('?');
    }

    /// <summary>The parts of a filter in words, such as “State: ranked”.</summary>
    public static string InWords(string query, IReadOnlyList<LeadList> lists)
    {
        var values = QueryHelpers.ParseQuery(Canonical(query));
        return string.Join(" · ", values.Select(pair => (pair.Key, Value: pair.Value.ToString()) switch
        {
            ("search", var text) => $"“{text}”",
            ("source", var text) => $"Source: {Words.Of(text)}",
            ("has_email", var text) => text == "true" ? "Has an address" : "Has no address",
            ("min_score", var text) => $"Score from {text}",
            ("list", var text) => $"List: {ListName(text, lists)}",
            ("sort", var text) => $"Sorted by {text}",
            var (name, text) => $"{Words.Of(name)}: {text}",
        }));
    }

    static string ListName(string id, IReadOnlyList<LeadList> lists) =>
        lists.FirstOrDefault(list => list.Id == Id(id))?.Name ?? "deleted";

    static T? Word<T>(string? text) where T : struct, Enum =>
        text is not null && !char.IsAsciiDigit(text[0])
            && Enum.TryParse<T>(text, ignoreCase: true, out var value)
            ? value
            : null;

    static long? Id(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
