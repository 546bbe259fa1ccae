using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// Speaks to EDGAR: indexes, filings, submissions, the feed of latest filings, full-text search. Public
/// records, no key. Every answer's bytes come along in <see cref="ProviderResult{T}.Raw"/>.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="outbound">The one way out.</param>
public sealed class SecEdgarClient(SecEdgarOptions options, OutboundHttp outbound) : IProvider
{
    const int MaxIndexBytes = 192 * 1024 * 1024;
    const int MaxSubmissionBytes = 64 * 1024 * 1024;

    readonly ProviderProfile profile = options.Profile;
    readonly IReadOnlyList<string> problems = options.Problems();

    /// <inheritdoc/>
    public string Name => SecEdgarOptions.Provider;

    /// <summary>Asks for a listing that always exists; shows that the User-Agent is accepted.</summary>
    public Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        Get("test", options.ArchivesBaseUrl, "/Archives/edgar/daily-index/index.json", _ =>
            true, cancellation);

    /// <summary>The index of one day; NotFound for weekends, holidays and days not built yet.</summary>
    public async Task<ProviderResult<FilingIndex>> DailyIndex(
        DateOnly day, CancellationToken cancellation = default)
    {
        var folder = $"/Archives/edgar/daily-index/{day.Year}/QTR{QuarterOf(day)}";
        var stamp = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var master = await Index("daily_index", $"{folder}/master.{stamp}.idx", cancellation);
        // Bars are safer to read than columns, but now and then only the form index is there.
        return master.Failure?.Kind is FailureKind.NotFound or FailureKind.Malformed
            && await Index("daily_index", $"{folder}/form.{stamp}.idx", cancellation) is var form
            && (form.IsOk || form.Failure!.Kind != FailureKind.NotFound)
            ? form
            : master;
    }

    /// <summary>The index of a quarter (1 to 4).</summary>
    public async Task<ProviderResult<FilingIndex>> QuarterIndex(
        int year, int quarter, CancellationToken cancellation = default)
    {
        var folder = $"/Archives/edgar/full-index/{year.ToString(CultureInfo.InvariantCulture)}/QTR{quarter}";
        var master = await Index("quarter_index", $"{folder}/master.idx", cancellation);
        return master.Failure?.Kind == FailureKind.NotFound
            ? await Index("quarter_index", $"{folder}/form.idx", cancellation)
            : master;
    }

    /// <summary>
    /// A filing's document; when that is missing or broken, the full submission text. NotFound when neither
    /// exists.
    /// </summary>
    public async Task<ProviderResult<FormDFiling>> Filing(
        ListedFiling filing, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filing);
        var cik = filing.Issuers[0].Cik.ToString(CultureInfo.InvariantCulture);
        var bare = filing.Accession.Replace("-", "", StringComparison.Ordinal);
        var document = await Get(
            "filing", options.ArchivesBaseUrl, $"/Archives/edgar/data/{cik}/{bare}/primary_doc.xml",
            answer => FormDReader.Read(answer.Body), cancellation);
        if (document.Failure?.Kind is not (FailureKind.NotFound or FailureKind.Malformed)) return document;
        var submission = await Get(
            "submission_text", options.ArchivesBaseUrl, $"/Archives/edgar/data/{cik}/{filing.Accession}.txt",
            answer => FormDReader.Read(answer.Body), cancellation, MaxSubmissionBytes);
        // A document that is there but broken says more than a missing text.
        return submission.IsOk || document.Failure.Kind == FailureKind.NotFound ? submission : document;
    }

    /// <summary>What EDGAR knows of a registrant and its newest filings.</summary>
    public Task<ProviderResult<Submissions>> Submissions(
        long cik, CancellationToken cancellation = default) =>
        Get("submissions", options.DataBaseUrl,
            $"/submissions/CIK{cik.ToString("D10", CultureInfo.InvariantCulture)}.json",
            answer => SubmissionsReader.Read(answer.Body), cancellation);

    /// <summary>An older page of filings, named by <see cref="Submissions.OlderPages"/>.</summary>
    public Task<ProviderResult<IReadOnlyList<SubmittedFiling>>> OlderSubmissions(
        string page, CancellationToken cancellation = default) =>
        Get("submissions_page", options.DataBaseUrl, "/submissions/" + Uri.EscapeDataString(page),
            answer => SubmissionsReader.ReadPage(answer.Body), cancellation);

    /// <summary>The latest Form D filings, newest first, near real time.</summary>
    /// <param name="start">How many to skip.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ProviderResult<IReadOnlyList<LatestFiling>>> Latest(
        int start = 0, CancellationToken cancellation = default) =>
        Get("latest", options.ArchivesBaseUrl,
            "/cgi-bin/browse-edgar?action=getcurrent&type=D&owner=include&count=100&output=atom&start="
            + start.ToString(CultureInfo.InvariantCulture),
            answer => LatestFeed.Read(answer.Body), cancellation);

    /// <summary>
    /// Full-text search in Form D filings. Not a supported interface of the SEC: good for finding, not as a
    /// source of truth.
    /// </summary>
    public Task<ProviderResult<SearchHits>> Search(
        string text, DateOnly from, DateOnly to, int skip = 0, CancellationToken cancellation = default) =>
        Get("search", options.SearchBaseUrl,
            $"/LATEST/search-index?q={Uri.EscapeDataString($"\"{text}\"")}&forms=D,D/A&dateRange=custom"
            + $"&startdt={from:yyyy-MM-dd}&enddt={to:yyyy-MM-dd}"
            + $"&from={skip.ToString(CultureInfo.InvariantCulture)}",
            answer => FullTextSearch.Read(answer.Body), cancellation);

    Task<ProviderResult<FilingIndex>> Index(string operation, string path, CancellationToken cancellation) =>
        Get(operation, options.ArchivesBaseUrl, path, answer =>
            FilingIndexReader.Read(answer.Body), cancellation,
            MaxIndexBytes);

    Task<ProviderResult<T>> Get<T>(
        string operation, Uri host, string path, Func<Answer, T> read, CancellationToken cancellation,
        int? maxBytes = null)
    {
        if (problems.Count > 0)
        {
            var failure = new ProviderFailure(Name, FailureKind.NotConfigured, string.Join(' ', problems));
            return Task.FromResult(new ProviderResult<T>(failure, null));
        }

        var request = new ProviderRequest(operation, HttpMethod.Get, ProviderRequest.At(host, path))
        {
            Headers = [("User-Agent", options.UserAgent)],
            MaxBodyBytes = maxBytes,
        };
        return outbound.Ask(profile, request, read, cancellation);
    }

    internal static int QuarterOf(DateOnly day) => (day.Month + 2) / 3;
}
