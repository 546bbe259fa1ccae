using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Queues a training for every workspace once a night, by its own clock, and at any hour when the model that
/// serves was learned from another feature list.
/// </summary>
public sealed class NightlyTraining(Database database, JobQueue jobs, TimeProvider time)
{
    public const string By = "night";

    /// <summary>The hours, local time, in which the night's training begins.</summary>
    const int FromHour = 2;
    const int ToHour = 5;

    /// <summary>
    /// The night's own training is among this many, however often somebody pressed the button.
    /// </summary>
    const int TrainingsLookedAt = 50;

    /// <summary>Two nights are further apart than this, whatever the clocks are put to.</summary>
    static readonly TimeSpan NotAgainWithin = TimeSpan.FromHours(12);

    public async Task Run(CancellationToken cancel)
    {
        foreach (var workspace in await database.InInstance(s => WorkspaceStore.All(s, cancel), cancel))
            await database.InWorkspace(workspace.Id, session => Look(session, workspace, cancel), cancel);
    }

    /// <summary>Queues the training that a model without its feature list needs.</summary>
    internal Task<long> Queue(Session session, string by, CancellationToken cancel) =>
        jobs.Enqueue(
            session, TrainRanking.Name, new TrainRanking.Args(), by, cancel, TrainRanking.UniqueKey);

    async Task Look(Session session, Workspace workspace, CancellationToken cancel)
    {
        if (!await TrainingStore.HasTouches(session, cancel)) return;
        if (await IsNight(session, workspace, cancel) || await IsOutdated(session, cancel))
            await Queue(session, By, cancel);
    }

    async Task<bool> IsNight(Session session, Workspace workspace, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(workspace.TimeZone);
        if (TimeZoneInfo.ConvertTime(now, zone).Hour is < FromHour or >= ToHour) return false;
        var latest = await JobStore.List(session, TrainRanking.Name, null, null, TrainingsLookedAt, cancel);
        return !latest.Any(job => job.CreatedBy == By && now.UtcDateTime - job.CreatedAt < NotAgainWithin);
    }

    static async Task<bool> IsOutdated(Session session, CancellationToken cancel) =>
        await LearnedModelStore.Serving(session, cancel) is { State: RankingModelState.Promoted } serving
        && serving.FeatureList
            != (await RankingSettings.Load(session, cancel)).Features().Identity;
}
