using Overture.Ranking.Evaluation;

namespace Overture.Core.Model;

/// <summary>The life of a learned model; docs/states/ranking-model.md draws it.</summary>
public enum RankingModelState
{
    Candidate,
    Promoted,
    Pinned,
    Retired,
}

/// <summary>
/// A learned model's record: what it was learned from, how it did, and why it serves or not.
/// </summary>
public sealed record LearnedModel
{
    public long Id { get; init; }
    public RankingModelState State { get; init; }

    /// <summary>Whether the model itself is still kept, so that it could serve again.</summary>
    public bool IsKept { get; init; }

    public required string FeatureList { get; init; }
    public int FeatureCount { get; init; }
    public int RowCount { get; init; }
    public int PositiveCount { get; init; }
    public double PatienceDays { get; init; }
    public double Auc { get; init; }
    public double AucLow { get; init; }
    public double AucHigh { get; init; }
    public double LogLoss { get; init; }
    public required string Metrics { get; init; }
    public required string Comparison { get; init; }
    public required string Decision { get; init; }
    public DateTime TrainedAt { get; init; }
    public required string TrainedBy { get; init; }
    public DateTime? PromotedAt { get; init; }
    public DateTime? RetiredAt { get; init; }

    public bool Serves => State is RankingModelState.Promoted or RankingModelState.Pinned;
}

/// <summary>What the ranking page draws of a model, measured on answers it had not seen.</summary>
public sealed record ModelMetrics(
    IReadOnlyList<CalibrationBin> Calibration, IReadOnlyList<GainsPoint> Gains, Interval Lift,
    IReadOnlyList<FeatureWeight> Features, int TreeCount);
