using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>An uploaded file as the wizard shows it.</summary>
public sealed record ImportPreview(
    Import Import, string Encoding, char Delimiter, int HeaderLine, int RowCount,
    IReadOnlyList<ColumnGuess> Columns, IReadOnlyList<CsvRow> FirstRows, IReadOnlyList<string> Notes);

/// <summary>Files: uploaded, mapped, rehearsed, taken in.</summary>
public sealed class Imports(Database database, JobQueue jobs, Intake intake, TimeProvider time)
{
    public const int MaxBytes = 25 * 1024 * 1024;
    const int PreviewRows = 10;

    /// <summary>
    /// Keeps the file with a guessed mapping. Refuses one that holds no rows, with the reason.
    /// </summary>
    public Task<long> Upload(
        long workspaceId, string fileName, byte[] content, string by, CancellationToken cancel)
    {
        if (content.Length > MaxBytes)
            throw new RuleBroken(
                "file_too_large",
                $"The file has {content.Length / 1024 / 1024} MiB; at most {MaxBytes / 1024 / 1024} are "
                + "taken. Split it.", "file");
        var table = CsvTable.Read(content);
        var mapping = ColumnGuess.For(table).Where(guess => guess.Field is not null)
            .ToDictionary(guess => guess.Column, guess => guess.Field!);
        var name = Path.GetFileName(fileName);
        return database.InWorkspace(
            workspaceId,
            session => ImportStore.Insert(
                session, name.Length > 0 ? name : "file.csv", content, mapping, by,
                time.GetUtcNow().UtcDateTime, cancel),
            cancel);
    }

    public async Task<ImportPreview> Preview(long workspaceId, long id, CancellationToken cancel)
    {
        var import = await Get(workspaceId, id, cancel);
        var table = CsvTable.Read(import.Content);
        return new ImportPreview(
            import, table.Encoding, table.Delimiter, table.HeaderLine, table.Rows.Count,
            ColumnGuess.For(table), [.. table.Rows.Take(PreviewRows)], table.Notes);
    }

    /// <summary>
    /// Says which column is which field ("skip" leaves one out), and what to do with people who are known.
    /// </summary>
    public async Task Map(
        long workspaceId, long id, IReadOnlyDictionary<string, string> mapping, DuplicateRule rule,
        CancellationToken cancel)
    {
        var used = mapping.Where(pair => pair.Value.Length > 0 && pair.Value != "skip").ToList();
        foreach (var (_, field) in used) ImportFields.Get(field);
        if (used.GroupBy(pair => pair.Value).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RuleBroken(
                "field_used_twice",
                $"Two columns ({string.Join(", ", twice.Select(pair => pair.Key))}) are read as "
                + $"{ImportFields.Get(twice.Key).Label}. Skip one of them.", "mapping");
        var import = await Get(workspaceId, id, cancel);
        if (import.State != "uploaded")
            throw new RuleBroken(
                "import_started", "This import has been started; upload the file again to change it.");
        await database.InWorkspace(
            workspaceId, session => ImportStore.SetMapping(session, id, used.ToDictionary(), rule, cancel),
            cancel);
    }

    /// <summary>
    /// The rehearsal: every row, or so many first ones, is taken in by the code that will take it in, and all
    /// of it is rolled back.
    /// </summary>
    public async Task<ImportReport> Check(
        long workspaceId, long id, CancellationToken cancel, int mostRows = int.MaxValue)
    {
        var import = await Get(workspaceId, id, cancel);
        var table = CsvTable.Read(import.Content);
        var rows = new ImportRows(import, table, intake);
        var report = new ImportReport { Rows = Math.Min(table.Rows.Count, mostRows) };
        await using var session = await database.Open(workspaceId, cancel);
        foreach (var row in table.Rows.Take(mostRows)) report = await rows.Take(session, row, report, cancel);
        return report;
    }

    public Task<long> Start(long workspaceId, long id, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var import = await ImportStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("import", id);
                if (import.JobId is { } started) return started;
                var jobId = await jobs.Enqueue(
                    session, ImportFile.Name, new ImportFile.Args(id), by, cancel, $"{ImportFile.Name}:{id}");
                await ImportStore.SetJob(session, id, jobId, cancel);
                return jobId;
            },
            cancel);

    public Task<Import> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            await ImportStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("import", id), cancel);
}
