using System.Globalization;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class LeadsPage(PageState state, Leads leads) : LoadedPage(state)
{
    const int PageSize = 50;

    static readonly (string Value, string Text)[] States =
        [.. Enum.GetNames<LeadState>().Select(name => (name.ToLowerInvariant(), name))];

    static readonly (string Value, string Text)[] AddressChoices =
        [("true", "Has an address"), ("false", "Has no address")];

    LeadFilter Filter { get; set; } = new();

    LeadPage Found { get; set; } = new([], 0, null);

    (string Value, string Text)[] Industries { get; set; } = [];

    (string Value, string Text)[] Sources { get; set; } = [];

    string SortWord => Filter.Sort.ToString().ToLowerInvariant();

    string SortName => Filter.Sort switch
    {
        LeadSort.Score => "best score first",
        LeadSort.Name => "by name",
        LeadSort.Company => "by company",
        _ => "newest first",
    };

    string? Explanation => Filter.Reached switch
    {
        LeadPhase.Enriched => "Everybody who has been enriched, whatever came after.",
        LeadPhase.Ranked => "Everybody who has been ranked, whatever came after.",
        _ when Filter.EnrolledIn is not null => "Everybody whom one campaign writes to, or has written to.",
        _ => null,
    };

    protected override async Task Load()
    {
        Filter = new LeadFilter
        {
            Search = Query("search"), State = Choice<LeadState>("state"), Source = Query("source"),
            Industry = Query("industry"), Country = Query("country"), MinScore = Number("min_score"),
            HasEmail = bool.TryParse(Query("has_email"), out var has) ? has : null,
            Reached = Choice<LeadPhase>("reached"), EnrolledIn = Id("campaign"), CompanyId = Id("company"),
            Sort = Choice<LeadSort>("sort") ?? LeadSort.Newest,
        };
        Found = await leads.List(WorkspaceId, Filter, Query("cursor"), PageSize, Cancel);
        var (industries, sources) = await leads.Facets(WorkspaceId, Cancel);
        Industries = [.. industries.Select(industry => (industry, industry))];
        Sources = [.. sources.Select(source => (source, Words.Of(source)))];
    }

    // An address typed by hand may hold anything; what is not understood filters nothing.
    T? Choice<T>(string name) where T : struct, Enum =>
        Query(name) is { } text && !char.IsAsciiDigit(text[0])
            && Enum.TryParse<T>(text, ignoreCase: true, out var value)
            ? value
            : null;

    long? Id(string name) =>
        long.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    decimal? Number(string name) =>
        decimal.TryParse(Query(name), NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
