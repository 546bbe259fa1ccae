using System.Threading.Channels;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Hand = System.Threading.Channels.Channel;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that takes a file in. Three things go on at once: the next rows are read, a batch of companies
/// and people is written with the place reached, and the leads of batches before it are opened. Each batch
/// and each opening is a commit; a resumed run reads the rows before its place again, but only to know
/// which people it has met.
/// </summary>
public sealed class ImportFile(Database database, TimeProvider time) : IJobKind
{
    public const string Name = "import_file";
    public const string Source = "import";

    /// <summary>How many batches are read before the one being written is done.</summary>
    const int BatchesAhead = 1;

    /// <summary>Somebody else added the same person meanwhile: the batch is taken in again.</summary>
    const int MaxCollisions = 5;

    public string Kind => Name;

    public sealed record Args(long ImportId);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var import = await database.InWorkspace(
            run.WorkspaceId,
            async session => await ImportStore.Find(session, run.Parameters<Args>().ImportId, cancel)
                ?? throw RuleBroken.NotFound("import", run.Parameters<Args>().ImportId),
            cancel);
        if (import.State == ImportState.Undone)
            return new JobOutcome.GiveUp("The import was undone. Upload the file again to take it in.");
        var table = await ImportContent.Table(database, run.WorkspaceId, import.Id, cancel);
        await using var content = new ImportContent(database, run.WorkspaceId, import.Id);
        var rows = new ImportRows(import, table.Layout, content, new BulkIntake(time), time);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var read = Hand.CreateBounded<RowBatch>(BatchesAhead);
        var written = Hand.CreateBounded<TakenBatch>(BatchesAhead);
        var reading = Stopping(Read(rows, read.Writer, failed.Token), failed);
        var opening = Stopping(OpenLeads(run, import, written.Reader, failed.Token), failed);
        var writing = Stopping(Write(run, import, rows, read.Reader, written.Writer, failed.Token), failed);
        await Task.WhenAll(reading, writing, opening);
        var report = await writing;
        await database.InWorkspace(
            run.WorkspaceId,
            async session =>
            {
                await ImportBatchStore.ListChangedAgain(session, import.Id, cancel);
                await ImportStore.SetReport(
                    session, import.Id, ImportState.Completed, report, time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce("leads", 0, cancel);
            },
            cancel);
        return new JobOutcome.Completed(report);
    }

    static async Task<bool> Read(ImportRows rows, ChannelWriter<RowBatch> read, CancellationToken cancel)
    {
        try
        {
            while (await rows.Next(long.MaxValue, cancel) is { } batch) await read.WriteAsync(batch, cancel);
            read.Complete();
        }
        catch (Exception broken)
        {
            read.Complete(broken);
            throw;
        }

        return true;
    }

    async Task<ImportReport> Write(
        JobRun run, Import import, ImportRows rows, ChannelReader<RowBatch> read,
        ChannelWriter<TakenBatch> written, CancellationToken cancel)
    {
        var reached = run.Checkpoint<Reached>()
            ?? new Reached(0, 0, new ImportReport { Rows = (int)import.RowCount });
        try
        {
            await foreach (var batch in read.ReadAllAsync(cancel))
            {
                if (batch.Number < reached.Batches) continue;
                var taken = await Write(run, import, rows, batch, reached, cancel);
                reached = reached.After(batch, taken.Report);
                await written.WriteAsync(taken, cancel);
            }
        }
        finally
        {
            written.Complete();
        }

        return reached.Report;
    }

    async Task<TakenBatch> Write(
        JobRun run, Import import, ImportRows rows, RowBatch batch, Reached reached, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var session = await database.Open(run.WorkspaceId, cancel);
                await ImportBatchStore.Hold(session, isAlone: false, cancel);
                var taken = await rows.Take(session, batch, reached.Report, cancel);
                var next = reached.After(batch, taken.Report);
                await run.SaveCheckpoint(
                    session, next, next.Rows, import.RowCount, "Importing rows", cancel);
                await ImportStore.SetReport(
                    session, import.Id, ImportState.Running, taken.Report, time.GetUtcNow().UtcDateTime,
                    cancel);
                await session.Commit(cancel);
                return taken;
            }
            catch (PostgresException collided) when (attempt < MaxCollisions && collided.SqlState is
                PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.ForeignKeyViolation)
            {
                // Read again what is known by now, and match anew.
                rows.Forget();
            }
    }

    // What an interrupted run left over is opened from the database; the rest comes with its listing.
    async Task<bool> OpenLeads(
        JobRun run, Import import, ChannelReader<TakenBatch> written, CancellationToken cancel)
    {
        while (await Open(run, (session, now) => ImportBatchStore.OpenLeads(
            session, import.Id, Source, import.FileName, now, cancel), cancel) > 0)
        {
            // One commit for each batch.
        }

        await foreach (var batch in written.ReadAllAsync(cancel))
            await Open(run, (session, now) => ImportBatchStore.OpenLeads(
                session, import.Id, batch.Number, batch.Listing.Value, import.FileName, now, cancel), cancel);
        return true;
    }

    Task<int> Open(JobRun run, Func<Session, DateTime, Task<int>> open, CancellationToken cancel) =>
        database.InWorkspace(
            run.WorkspaceId,
            async session =>
            {
                var opened = await open(session, time.GetUtcNow().UtcDateTime);
                if (opened > 0) await session.Announce("leads", 0, cancel);
                return opened;
            },
            cancel);

    // One part that fails stops the others; the first failure is the one that is told.
    static async Task<T> Stopping<T>(Task<T> work, CancellationTokenSource others) where T : notnull
    {
        try
        {
            return await work;
        }
        catch
        {
            await others.CancelAsync();
            throw;
        }
    }

    sealed record Reached(int Batches, long Rows, ImportReport Report)
    {
        public Reached After(RowBatch batch, ImportReport report) =>
            new(Batches + 1, Rows + batch.Rows.Count, report);
    }
}
