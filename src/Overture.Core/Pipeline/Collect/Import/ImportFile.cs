using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that takes a file in. A batch of rows and the place reached are one commit; a resumed run reads
/// the rows before that place again, but only to know which people it has met.
/// </summary>
public sealed class ImportFile(Database database, Intake intake, TimeProvider time) : IJobKind
{
    public const string Name = "import_file";
    public const string Source = "import";
    const int BatchSize = 100;

    public string Kind => Name;

    public sealed record Args(long ImportId);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var import = await database.InWorkspace(
            run.WorkspaceId,
            async session => await ImportStore.Find(session, run.Parameters<Args>().ImportId, cancel)
                ?? throw RuleBroken.NotFound("import", run.Parameters<Args>().ImportId),
            cancel);
        var table = CsvTable.Read(import.Content);
        var rows = new ImportRows(import, table, intake);
        var reached = run.Checkpoint<Reached>()
            ?? new Reached(0, new ImportReport { Rows = table.Rows.Count });
        rows.Meet(table.Rows.Take(reached.Row));
        while (reached.Row < table.Rows.Count)
        {
            await using var session = await database.Open(run.WorkspaceId, cancel);
            var report = reached.Report;
            foreach (var row in table.Rows.Skip(reached.Row).Take(BatchSize))
                report = await rows.Take(session, row, report, cancel);
            reached = new Reached(Math.Min(reached.Row + BatchSize, table.Rows.Count), report);
            await run.SaveCheckpoint(
                session, reached, reached.Row, table.Rows.Count, "Importing rows", cancel);
            await ImportStore.SetReport(
                session, import.Id, reached.Row == table.Rows.Count ? "completed" : "running", report,
                time.GetUtcNow().UtcDateTime, cancel);
            await session.Announce("leads", 0, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(reached.Report);
    }

    sealed record Reached(int Row, ImportReport Report);
}
