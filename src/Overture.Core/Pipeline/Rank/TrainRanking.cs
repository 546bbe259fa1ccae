using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking.Evaluation;
using Overture.Ranking.Features;
using Overture.Ranking.Learning;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that learns: rebuilds the training set, learns a model, holds it against the one that serves on
/// answers neither has seen, lets it serve if it is no worse, and has every lead that waits ranked again.
/// </summary>
public sealed class TrainRanking(Database database, TrainingSet training, TimeProvider time) : IJobKind
{
    public const string Name = "train_ranking";

    /// <summary>Only one training at a time in a workspace.</summary>
    public const string UniqueKey = "train_ranking";

    /// <summary>
    /// Models kept whole, so that they can be pinned again; of older ones only the record stays.
    /// </summary>
    const int KeptDocuments = 20;

    const int Threads = 1;

    static readonly TimeSpan AfterAChange = TimeSpan.FromSeconds(1);

    public string Kind => Name;

    public sealed record Args;

    /// <summary>What a training came to.</summary>
    public sealed record Summary(
        long? Model, string State, string Sentence, int Touched, int Labelled, int Positive,
        double PatienceDays, double? Auc, double? LogLoss);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var set = await training.Rebuild(
            run.WorkspaceId, (done, total) => run.Report(done, total, "Building the training set", cancel),
            cancel);
        await run.Report(set.Labelled, set.Labelled, "Learning", cancel);
        var list = (await Settings(run.WorkspaceId, cancel)).Features();
        if (list.Identity != set.FeatureList)
            return new JobOutcome.Retry(
                "The ranking settings changed while the training set was built.", AfterAChange);
        var rows = await training.Rows(run.WorkspaceId, list, cancel);
        var outcome = Learner.Learn(rows.Table, new LearnerOptions
        {
            FeatureList = list.Identity, Directions = FeatureList.Directions,
                Expected = FeatureList.Expected, Threads = Threads,
        });
        var summary = await database.InWorkspace(
            run.WorkspaceId, session => Decide(session, set, rows, outcome, list, run.Job.CreatedBy, cancel),
            cancel);
        return new JobOutcome.Completed(summary);
    }

    Task<RankingSettings> Settings(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => RankingSettings.Load(session, cancel), cancel);

    async Task<Summary> Decide(
        Session session, TrainingSetSummary set, TrainingRows rows, LearningOutcome outcome, FeatureList list,
        string by, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var serving = await LearnedModelStore.Serving(session, cancel);
        // A model that was learned from other features can rank nobody any more.
        var isOutdated = serving is not null && serving.FeatureList != list.Identity;
        var (id, state, sentence) = outcome.Model is { } model
            ? await Keep(session, model, set, rows, outcome, serving, isOutdated, by, now, cancel)
            : ((long?)null, "refused", outcome.Sentence);
        if (isOutdated) await LearnedModelStore.Retire(session, ["promoted"], id ?? 0, now, cancel);
        await LearnedModelStore.DropOldDocuments(session, KeptDocuments, cancel);
        await LeadStore.SendBackToRanking(session, now, cancel);
        foreach (var topic in new[] { "ranking", "leads" }) await session.Announce(topic, id ?? 0, cancel);
        return new Summary(
            id, state, sentence, set.Touched, set.Labelled, rows.Table.PositiveCount, set.PatienceDays,
            outcome.Model?.Summary.Auc.Value, outcome.Model?.Summary.LogLoss);
    }

    static async Task<(long? Id, string State, string Sentence)> Keep(
        Session session, RankingModel model, TrainingSetSummary set, TrainingRows rows,
        LearningOutcome outcome, LearnedModel? serving, bool isOutdated, string by, DateTime now,
        CancellationToken cancel)
    {
        var trial = await Try(session, rows, outcome, isOutdated ? null : serving, cancel);
        var isPinned = serving?.State == RankingModelState.Pinned;
        var decision = isPinned
            ? $"{trial.Sentence} Model {serving!.Id} is pinned, so it goes on." : trial.Sentence;
        var id = await LearnedModelStore.Insert(
            session, Record(model, set, rows, outcome, trial, decision, by, now), ModelDocument.Write(model),
            cancel);
        await LearnedModelStore.Retire(session, ["candidate"], id, now, cancel);
        if (!trial.IsPassed || isPinned) return (id, "candidate", decision);
        await LearnedModelStore.Retire(session, ["promoted"], id, now, cancel);
        await LearnedModelStore.Serve(session, id, RankingModelState.Promoted, now, cancel);
        return (id, "promoted", decision);
    }

    /// <summary>
    /// Both are asked about the same rows: those that became known after the serving model was learned, each
    /// judged by a part of the new model that had not seen it.
    /// </summary>
    static async Task<Trial> Try(
        Session session, TrainingRows rows, LearningOutcome outcome, LearnedModel? rival,
        CancellationToken cancel)
    {
        if (rival is null)
        {
            return Trial.AgainstPlainRate(
                [.. outcome.HeldBack.Select(h => h.Chance)],
                [.. outcome.HeldBack.Select(h => rows.Table.Answers[h.Row])]);
        }

        var old = ModelDocument.Read((await LearnedModelStore.Document(session, rival.Id, cancel))!);
        var fresh = outcome.HeldBack.Where(h => rows.KnownAt[h.Row] > rival.TrainedAt).ToList();
        return Trial.AgainstModel(
            [.. fresh.Select(h => h.Chance)], [.. fresh.Select(h => old.Chance(rows.Table.Row(h.Row)))],
            [.. fresh.Select(h => rows.Table.Answers[h.Row])]);
    }

    static LearnedModel Record(
        RankingModel model, TrainingSetSummary set, TrainingRows rows, LearningOutcome outcome, Trial trial,
        string decision, string by, DateTime now)
    {
        var gains = Measures.Gains(
            [.. outcome.HeldBack.Select(h => h.Chance)],
            [.. outcome.HeldBack.Select(h => rows.Table.Answers[h.Row])]);
        var metrics = new ModelMetrics(
            model.Summary.Calibration, gains, model.Summary.LiftOverFifo,
            Importance.Of(model, rows.Table), model.Summary.TreeCount);
        return new LearnedModel
        {
            FeatureList = model.FeatureList, FeatureCount = model.Features.Count,
            RowCount = model.Summary.RowCount, PositiveCount = model.Summary.PositiveCount,
            PatienceDays = set.PatienceDays, Auc = model.Summary.Auc.Value, AucLow = model.Summary.Auc.Low,
            AucHigh = model.Summary.Auc.High, LogLoss = model.Summary.LogLoss,
            Metrics = JsonSerializer.Serialize(metrics, JobJson.Options),
            Comparison = JsonSerializer.Serialize(trial, JobJson.Options),
            Decision = decision, TrainedAt = now, TrainedBy = by,
        };
    }
}
