using Overture.Providers.Outbound;

namespace Overture.Providers.SecEdgar;

/// <summary>What became of one listed filing.</summary>
/// <param name="Listed">How the index lists it.</param>
/// <param name="Filing">The filing; null when it is missing or failed.</param>
/// <param name="Raw">The bytes and address received, to be kept; null when nothing came.</param>
/// <param name="Failure">Why there is no filing; NotFound = listed, but not there.</param>
public sealed record CollectedFiling(
    ListedFiling Listed, FormDFiling? Filing, Answer? Raw, ProviderFailure? Failure);

/// <summary>
/// The counts of a collection, true at every moment:
/// Listed = Known + Parsed + Missing + Failed once it has ended without being stopped.
/// </summary>
public sealed class CollectionProgress
{
    /// <summary>Days asked for by daily index.</summary>
    public int Days { get; internal set; }

    /// <summary>Weekends, holidays, days not built yet.</summary>
    public int DaysWithoutIndex { get; internal set; }

    /// <summary>Rows of Form D and D/A in the indexes.</summary>
    public int Rows { get; internal set; }

    /// <summary>Rows that name a filing listed before (co-issuers).</summary>
    public int Duplicates { get; internal set; }

    /// <summary>Distinct filings.</summary>
    public int Listed { get; internal set; }

    /// <summary>Filings known before and not fetched.</summary>
    public int Known { get; internal set; }

    /// <summary>Filings whose document arrived.</summary>
    public int Fetched { get; internal set; }

    /// <summary>Filings read.</summary>
    public int Parsed { get; internal set; }

    /// <summary>Filings whose document does not exist.</summary>
    public int Missing { get; internal set; }

    /// <summary>Filings that could not be fetched or read.</summary>
    public int Failed { get; internal set; }

    /// <summary>Index rows that could not be read, with the index they stand in.</summary>
    public List<(string Index, MalformedRow Row)> MalformedRows { get; } = [];

    /// <summary>Indexes that could not be fetched or read.</summary>
    public List<(string Index, ProviderFailure Failure)> FailedIndexes { get; } = [];

    /// <summary>Why the collection ended early; null when it did not.</summary>
    public ProviderFailure? StoppedBy { get; internal set; }
}
