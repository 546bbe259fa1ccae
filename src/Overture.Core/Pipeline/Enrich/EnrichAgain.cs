using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that enriches everything that waits; if asked to, every lead in pursuit once more, as after
/// connecting a service. Questions whose answers are kept cost nothing.
/// </summary>
public sealed class EnrichAgain(Database database, EnrichLeads enrich, TimeProvider time) : IJobKind
{
    public const string Name = "enrich_leads";
    static readonly TimeSpan OthersAreAsking = TimeSpan.FromMilliseconds(500);
    const int MostRests = 240;

    public string Kind => Name;

    public sealed record Args(bool All = false);

    public sealed record Summary(long Enriched);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var reached = run.Checkpoint<Reached>() ?? await Begin(run, cancel);
        for (var rests = 0; ;)
        {
            var moved = await enrich.RunBatch(run.WorkspaceId, run.Node, cancel);
            reached = reached with { Done = reached.Done + moved };
            var waiting = await Waiting(run.WorkspaceId, cancel);
            await database.InWorkspace(
                run.WorkspaceId,
                session => run.SaveCheckpoint(
                    session, reached, reached.Done, reached.Done + waiting, "Asking providers", cancel), cancel);
            if (waiting == 0 || (moved == 0 && ++rests >= MostRests)) break;
            if (moved == 0) await Task.Delay(OthersAreAsking, time, cancel);
        }

        return new JobOutcome.Completed(new Summary(reached.Done));
    }

    Task<Reached> Begin(JobRun run, CancellationToken cancel) => database.InWorkspace(
        run.WorkspaceId,
        async session =>
        {
            var reached = new Reached(0);
            if (run.Parameters<Args>().All)
                await GapStore.PutAll(session, time.GetUtcNow().UtcDateTime, "asked for by a person", cancel);
            await run.SaveCheckpoint(session, reached, 0, null, "Begun", cancel);
            return reached;
        },
        cancel);

    Task<long> Waiting(long workspaceId, CancellationToken cancel) => database.InWorkspace(
        workspaceId, session => GapStore.CountWaiting(session, time.GetUtcNow().UtcDateTime, cancel), cancel);

    sealed record Reached(long Done);
}
