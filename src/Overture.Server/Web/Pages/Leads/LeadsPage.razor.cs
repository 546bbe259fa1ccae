using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class LeadsPage(PageState state, Leads leads, LeadLists lists, Duplicates duplicates)
    : LoadedPage(state)
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

    IReadOnlyList<LeadList> Lists { get; set; } = [];

    IReadOnlyList<SavedView> Views { get; set; } = [];

    long Doubtful { get; set; }

    /// <summary>The filter and order of this page, as a view keeps them.</summary>
    string Shown { get; set; } = "";

    LeadList? OpenList => Lists.FirstOrDefault(list => list.Id == Filter.ListId);

    string TotalInWords => $"{(Found.IsEstimate ? "about " : "")}{Found.Total:N0}";

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
        _ when OpenList is { } list => $"On the list “{list.Name}”.",
        _ when Filter.EnrolledIn is not null => "Everybody whom one campaign writes to, or has written to.",
        _ => null,
    };

    protected override async Task Load()
    {
        var query = State.Http.Request.QueryString.Value;
        Filter = LeadAddress.Filter(query);
        Shown = LeadAddress.Canonical(query);
        Doubtful = Shown.Length == 0 && Query("cursor") is null
            ? await duplicates.CountOpen(WorkspaceId, Cancel) : 0;
        Lists = await lists.All(WorkspaceId, Cancel);
        Views = await lists.Views(WorkspaceId, Cancel);
        Found = await leads.List(WorkspaceId, Filter, Query("cursor"), PageSize, Cancel);
        var (industries, sources) = await leads.Facets(WorkspaceId, Cancel);
        Industries = [.. industries.Select(industry => (industry, industry))];
        Sources = [.. sources.Select(source => (source, Words.Of(source)))];
    }
}
