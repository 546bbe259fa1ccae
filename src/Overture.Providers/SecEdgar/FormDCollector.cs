using System.Globalization;
using System.Runtime.CompilerServices;
using Overture.Providers.Outbound;

namespace Overture.Providers.SecEdgar;

/// <summary>Collects the Form D filings of a range of days, as a stream in filing order.</summary>
/// <param name="client">Speaks to EDGAR.</param>
public sealed class FormDCollector(SecEdgarClient client)
{
    // From this many days of a quarter on, one quarterly index costs less than the daily ones.
    const int QuarterWorthDays = 20;
    const int FetchesAtOnce = 4;

    /// <summary>
    /// Streams one item per distinct filing; counts appear in <paramref name="progress"/> while it goes on.
    /// It ends early, with <see cref="CollectionProgress.StoppedBy"/> set, when EDGAR wants to be left alone;
    /// to go on later, pass what is known by then.
    /// </summary>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day, included.</param>
    /// <param name="known">Accession numbers that need not be fetched again.</param>
    /// <param name="progress">Filled as it goes.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<CollectedFiling> Collect(
        DateOnly from, DateOnly to, IReadOnlySet<string> known, CollectionProgress progress,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(progress);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var index in Indexes(from, to, progress, cancellation))
        {
            List<ListedFiling> due = [];
            foreach (var filing in FilingIndex.Distinct(
                index.Where(row => row.FiledOn >= from && row.FiledOn <= to)))
            {
                progress.Rows += filing.ListingCount;
                if (!seen.Add(filing.Accession))
                {
                    progress.Duplicates += filing.ListingCount;
                    continue;
                }

                progress.Duplicates += filing.ListingCount - 1;
                progress.Listed++;
                if (known.Contains(filing.Accession)) progress.Known++;
                else due.Add(filing);
            }

            await foreach (var collected in Fetch(due, progress, cancellation)) yield return collected;
            if (progress.StoppedBy is not null) yield break;
        }
    }

    async IAsyncEnumerable<IReadOnlyList<IndexRow>> Indexes(
        DateOnly from, DateOnly to, CollectionProgress progress,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var day = from; day <= to;)
        {
            var quarterEnd = QuarterEnd(day);
            var last = quarterEnd < to ? quarterEnd : to;
            if (last.DayNumber - day.DayNumber + 1 >= QuarterWorthDays)
            {
                var quarter = SecEdgarClient.QuarterOf(day);
                var index = await client.QuarterIndex(day.Year, quarter, cancellation);
                if (index.Failure?.Kind != FailureKind.NotFound)
                {
                    if (Take(index, $"{day.Year}-Q{quarter}", progress) is { } rows) yield return rows;
                    if (progress.StoppedBy is not null) yield break;
                    day = last.AddDays(1);
                    continue;
                }
            }

            for (; day <= last; day = day.AddDays(1))
            {
                var index = await client.DailyIndex(day, cancellation);
                progress.Days++;
                if (index.Failure?.Kind == FailureKind.NotFound) progress.DaysWithoutIndex++;
                else if (Take(index, day.ToString("O", CultureInfo.InvariantCulture), progress) is { } rows)
                    yield return rows;
                if (progress.StoppedBy is not null) yield break;
            }
        }
    }

    static IReadOnlyList<IndexRow>? Take(
        ProviderResult<FilingIndex> index, string name, CollectionProgress progress)
    {
        if (index.Failure is { } failure)
        {
            progress.FailedIndexes.Add((name, failure));
            if (MeansStop(failure)) progress.StoppedBy = failure;
            return null;
        }

        progress.MalformedRows.AddRange(index.Value.Malformed.Select(row => (name, row)));
        return index.Value.Rows;
    }

    async IAsyncEnumerable<CollectedFiling> Fetch(
        List<ListedFiling> due, CollectionProgress progress,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var running = new Queue<Task<CollectedFiling>>(FetchesAtOnce);
        var next = 0;
        while (next < due.Count || running.Count > 0)
        {
            while (running.Count < FetchesAtOnce && next < due.Count && progress.StoppedBy is null)
                running.Enqueue(FetchOne(due[next++], cancellation));
            if (!running.TryDequeue(out var first)) yield break;
            var collected = await first;
            Count(collected, progress);
            yield return collected;
        }
    }

    async Task<CollectedFiling> FetchOne(ListedFiling listed, CancellationToken cancellation)
    {
        var result = await client.Filing(listed, cancellation);
        return new CollectedFiling(listed, result.IsOk ? result.Value : null, result.Raw, result.Failure);
    }

    static void Count(CollectedFiling collected, CollectionProgress progress)
    {
        if (collected.Failure is not { } failure)
        {
            progress.Fetched++;
            progress.Parsed++;
        }
        else if (failure.Kind == FailureKind.NotFound)
        {
            progress.Missing++;
        }
        else
        {
            if (failure.Kind == FailureKind.Malformed) progress.Fetched++;
            progress.Failed++;
            if (MeansStop(failure)) progress.StoppedBy = failure;
        }
    }

    static bool MeansStop(ProviderFailure failure) =>
        failure.Kind is FailureKind.RateLimited or FailureKind.Forbidden or FailureKind.CircuitOpen
            or FailureKind.BudgetSpent or FailureKind.UnsafeAddress or FailureKind.Untrusted;

    static DateOnly QuarterEnd(DateOnly day) =>
        new DateOnly(day.Year, 3 * SecEdgarClient.QuarterOf(day) - 2, 1).AddMonths(3).AddDays(-1);
}
