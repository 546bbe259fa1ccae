using System.Collections.Concurrent;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Ranking.Features;
using Overture.Ranking.Learning;

namespace Overture.Core.Pipeline;

/// <summary>
/// What leads are ranked by at this moment.
/// </summary>
/// <param name="Model">Null when none may be used.</param>
/// <param name="ModelId">Its number.</param>
/// <param name="Seed">The draw: a new one with every training.</param>
/// <param name="WhyNoModel">Why there is no model, as it follows "because".</param>
/// <param name="NeedsTraining">A model serves that was learned from another feature list.</param>
public sealed record Serving(
    RankingModel? Model, long? ModelId, ulong Seed, string WhyNoModel, bool NeedsTraining);

/// <summary>Finds the model that serves a workspace; keeps the last one read of each in memory.</summary>
public sealed class ServingModels
{
    /// <summary>Workspaces whose model is kept in memory.</summary>
    const int MaxKept = 50;

    readonly ConcurrentDictionary<long, (long Id, RankingModel Model)> kept = new();

    internal async Task<Serving> Find(
        Session session, RankingSettings settings, FeatureList list, CancellationToken cancel)
    {
        // The draws of two workspaces must differ, and so must those of two nights.
        var newest = await LearnedModelStore.Newest(session, cancel);
        var seed = ((ulong)session.WorkspaceId << 32) + (ulong)newest;
        if (settings.Mode != Ranking.RankingMode.Learned)
            return new Serving(null, null, seed, "the learned ranking is switched off", false);
        if (await LearnedModelStore.Serving(session, cancel) is not { } serving)
            return new Serving(null, null, seed, "no model has been learned yet", false);
        if (serving.FeatureList != list.Identity)
        {
            var isPinned = serving.State == RankingModelState.Pinned;
            return new Serving(null, null, seed, isPinned
                ? "the pinned model was learned from other questions"
                : "the model is being learned anew from other questions", !isPinned);
        }

        return new Serving(await Read(session, serving.Id, cancel), serving.Id, seed, "", false);
    }

    async Task<RankingModel> Read(Session session, long id, CancellationToken cancel)
    {
        if (kept.TryGetValue(session.WorkspaceId, out var last) && last.Id == id) return last.Model;
        var model = ModelDocument.Read((await LearnedModelStore.Document(session, id, cancel))!);
        if (kept.Count >= MaxKept) kept.Clear();
        kept[session.WorkspaceId] = (id, model);
        return model;
    }
}
