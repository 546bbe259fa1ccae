using System.Globalization;
using Overture.Core.Model;
using Overture.Providers.DataForSeo;

namespace Overture.Core.Pipeline;

/// <summary>
/// Companies by what a search engine shows: one search after the other, at once or out of the queue.
/// </summary>
sealed class WebSource(Questions questions, ProviderClients clients)
{
    const string Source = DataForSeoOptions.Provider;
    public const int HitsPerSearch = 10;
    const decimal LiveDollars = 0.002m;
    const decimal QueuedDollars = 0.0006m;
    const decimal RanksDollars = 0.0203m;

    public static decimal PricePerSearch(DiscoveryRules rules) =>
        (rules.Queued ? QueuedDollars : LiveDollars) + (rules.Authority ? RanksDollars : 0);

    /// <summary>
    /// The mark of the page is the number of the search. One that found nothing, or whose answer was lost,
    /// does not end the others.
    /// </summary>
    public async Task<Reply<FoundPage>> Page(
        Asker asker, DiscoveryRules rules, string? next, CancellationToken cancel)
    {
        var number = int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0;
        var searches = rules.WebSearches();
        if (number >= searches.Count) return new Reply<FoundPage>(ReplyKind.Found, FoundPage.End);
        var client = await clients.Get<DataForSeoClient>(asker.WorkspaceId, Source, cancel);
        var following = number + 1 < searches.Count
            ? (number + 1).ToString(CultureInfo.InvariantCulture) : null;
        var reply = rules.Queued
            ? await Fetch(asker, client, searches, number, cancel)
            : await Search(asker, client, searches[number], cancel);
        if (reply.Kind is ReplyKind.Nothing or ReplyKind.Lost)
            return new Reply<FoundPage>(
                reply.Kind == ReplyKind.Lost ? ReplyKind.Lost : ReplyKind.Found,
                new FoundPage([], null, following, null)) { At = reply.At };
        var page = DiscoverySources.Turn(reply, result => new FoundPage(
            Hits(result, searches[number].Category), result.Total, following, reply.RawRecordId));
        return rules.Authority && page.Value is { Items.Count: > 0 } found
            ? page with { Value = found with { Items = await Weighed(asker, client, found.Items, cancel) } }
            : page;
    }

    Task<Reply<SearchResultPage>> Search(
        Asker asker, DataForSeoClient client, WebSearch search, CancellationToken cancel) =>
        questions.Ask(
            asker, Source, "serp", new { keyword = search.Words, place = search.Place },
            stop => client.Search(search.Words, search.Place, cancellation: stop), cancel);

    // All searches are ordered together, a hundred at a time; what they found is fetched one by one.
    async Task<Reply<SearchResultPage>> Fetch(
        Asker asker, DataForSeoClient client, IReadOnlyList<WebSearch> searches, int number,
        CancellationToken cancel)
    {
        var first = number - (number % DataForSeoClient.MaxSearchesPerOrder);
        var wanted = searches.Skip(first).Take(DataForSeoClient.MaxSearchesPerOrder)
            .Select(search => (Keyword: search.Words, search.Place)).ToList();
        var orders = await questions.Ask(
            asker, Source, "search_order",
            wanted.Select(search => new { keyword = search.Keyword, place = search.Place }),
            stop => client.OrderSearches(wanted, cancellation: stop), cancel);
        if (orders.Value is not { } ordered)
            return new Reply<SearchResultPage>(orders.Kind) { Failure = orders.Failure, At = orders.At };
        var search = searches[number];
        var order = ordered.FirstOrDefault(
            order => order.Keyword == search.Words && order.Place == search.Place);
        return order is null
            ? new Reply<SearchResultPage>(ReplyKind.Nothing) { At = orders.At }
            : await questions.Ask(
                asker, Source, "search_result", new { order.TaskId },
                stop => client.OrderedSearch(order.TaskId, stop), cancel);
    }

    // Without an answer they are proposed all the same: it is a fact beside them.
    async Task<IReadOnlyList<Found>> Weighed(
        Asker asker, DataForSeoClient client, IReadOnlyList<Found> items, CancellationToken cancel)
    {
        string[] domains = [.. items.Select(item => item.Content.Domain).OfType<string>()];
        var reply = await questions.Ask(
            asker, Source, "domain_ranks", new { domains }, stop => client.Ranks(domains, stop), cancel);
        var ranks = (reply.Value ?? []).DistinctBy(rank => rank.Domain)
            .ToDictionary(rank => rank.Domain, rank => rank.Rank);
        return
        [
            .. items.Select(item => ranks.TryGetValue(item.Content.Domain ?? "", out var rank)
                ? item with { Content = item.Content with { Authority = rank } } : item),
        ];
    }

    static List<Found> Hits(SearchResultPage page, string? category) =>
    [
        .. page.Hits.Where(hit => hit.Domain is not null).DistinctBy(hit => hit.Domain).Select(hit =>
            new Found(
                hit.Domain!,
                new ProposalContent
                {
                    CompanyName = hit.Title, Domain = WebDomain.Of(hit.Domain), Description = hit.Description,
                    Industry = category,
                },
                false)),
    ];
}
