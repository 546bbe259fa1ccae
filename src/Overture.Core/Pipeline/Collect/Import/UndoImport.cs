using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that takes an import back, the last batch first; each batch is a commit. What was begun with
/// since stays, and so does what a later import named: that import holds it from then on, as it would have
/// had this one never been.
/// </summary>
public sealed class UndoImport(Database database, TimeProvider time) : IJobKind
{
    public const string Name = "undo_import";

    public string Kind => Name;

    public sealed record Args(long ImportId);

    public sealed record Summary
    {
        public int ContactsRemoved { get; init; }
        public int LeadsRemoved { get; init; }
        public int CompaniesRemoved { get; init; }
        public int ContactsRestored { get; init; }
        public int CompaniesRestored { get; init; }

        /// <summary>People the import added with whom something was begun since.</summary>
        public int ContactsKept { get; init; }

        /// <summary>People and companies the import added and a later one named too.</summary>
        public int ContactsHeld { get; init; }

        public int CompaniesHeld { get; init; }

        /// <summary>The later imports that hold them from now on.</summary>
        public IReadOnlyList<HeldBy> HeldBy { get; init; } = [];
    }

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var id = run.Parameters<Args>().ImportId;
        var done = run.Checkpoint<Summary>() ?? new Summary();
        while (await Step(run, id, done, cancel) is { } more) done = more;
        await database.InWorkspace(
            run.WorkspaceId,
            async session =>
            {
                await ImportStore.SetUndone(session, id, done, time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce("leads", 0, cancel);
            },
            cancel);
        return new JobOutcome.Completed(done);
    }

    // Null when no batch is left.
    async Task<Summary?> Step(JobRun run, long id, Summary done, CancellationToken cancel)
    {
        await using var session = await database.Open(run.WorkspaceId, cancel);
        await ImportBatchStore.Hold(session, isAlone: true, cancel);
        if (await ImportBatchStore.Last(session, id, cancel) is not { } batch) return null;
        done = await new UndoBatch(session, id, batch, time.GetUtcNow().UtcDateTime).Run(done, cancel);
        await ImportBatchStore.Delete(session, id, batch.Number, cancel);
        await run.SaveCheckpoint(session, done, 0, null, $"Batch {batch.Number + 1} taken back", cancel);
        await session.Commit(cancel);
        return done;
    }
}
