using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Ranking;
using Overture.Ranking.Evaluation;

namespace Overture.Core.Reports;

/// <summary>How leads are ordered now, what was learned, and from what.</summary>
/// <param name="Mode">What the order rests on.</param>
/// <param name="Why">One sentence on it.</param>
/// <param name="Serving">The model that serves; null when none does.</param>
/// <param name="Newest">The model learned last, whether it serves or not.</param>
/// <param name="Metrics">Of the model that serves, else of the newest.</param>
/// <param name="Comparison">What the newest model was held against.</param>
/// <param name="Answers">The training set as it was last built.</param>
/// <param name="BuiltAt">When that was.</param>
/// <param name="Waiting">Leads that are ranked and wait, by what their place rests on.</param>
public sealed record RankingEvaluation(
    RankingMode Mode, string Why, LearnedModel? Serving, LearnedModel? Newest, ModelMetrics? Metrics,
    Trial? Comparison, IReadOnlyList<AnswerCount> Answers, DateTime? BuiltAt,
    IReadOnlyDictionary<string, long> Waiting)
{
    public long Labelled => Answers.Where(answer => answer.IsYes is not null).Sum(answer => answer.Count);

    public long Yes => Answers.Where(answer => answer.IsYes == true).Sum(answer => answer.Count);
}

/// <summary>Read-only SQL for the ranking page.</summary>
public sealed class RankingReport(Database database)
{
    public Task<RankingEvaluation> Of(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var settings = await RankingSettings.Load(session, cancel);
                var serving = await LearnedModelStore.Serving(session, cancel);
                var newest = await LearnedModelStore.List(session, 1, cancel) is [var last] ? last : null;
                var (mode, why) = Order(settings, serving);
                var shown = serving ?? newest;
                return new RankingEvaluation(
                    mode, why, serving, newest, shown is null ? null : Read<ModelMetrics>(shown.Metrics),
                    newest is null ? null : Read<Trial>(newest.Comparison),
                    await TrainingStore.CountAnswers(session, cancel),
                    (await TrainingStore.Built(session, cancel))?.BuiltAt, await Waiting(session, cancel));
            },
            cancel);

    static (RankingMode Mode, string Why) Order(RankingSettings settings, LearnedModel? serving)
    {
        var hasWishes = !settings.Profile.IsSilent || !settings.Keywords().IsSilent;
        var without = hasWishes
            ? (Mode: RankingMode.ColdStart, Words: "by keywords and by fit to your ideal customer")
            : (Mode: RankingMode.Fifo, Words: "in the order in which they came");
        if (settings.Mode == RankingMode.Fifo)
            return (RankingMode.Fifo, "Ranking is switched off: leads are taken as they came.");

        if (settings.Mode == RankingMode.ColdStart)
            return (without.Mode, $"The learned ranking is switched off: leads are ordered {without.Words}.");
        if (serving is null)
            return (without.Mode, $"No model serves yet: leads are ordered {without.Words}.");
        if (serving.FeatureList != settings.Features().Identity)
            return (without.Mode, serving.State == RankingModelState.Pinned
                ? $"The pinned model was learned from other questions: leads are ordered {without.Words}."
                : $"The model is being learned anew from your new settings: until then leads are ordered "
                  + $"{without.Words}.");
        return (
            RankingMode.Learned,
            $"Leads are ordered by what was learned from {serving.RowCount:N0} answers.");
    }

    static async Task<IReadOnlyDictionary<string, long>> Waiting(Session session, CancellationToken cancel) =>
        (await session.List<(string Mode, long Count)>(
            """
            select coalesce(rank_mode, 'fifo'), count(*) from leads
            where workspace_id = @WorkspaceId and state = 'ranked' group by 1
            """,
            new { session.WorkspaceId }, cancel)).ToDictionary(row => row.Mode, row => row.Count);

    static T? Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JobJson.Options);
}
