using System.Text;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>An uploaded file as the wizard shows it.</summary>
public sealed record ImportPreview(
    Import Import, string Encoding, char Delimiter, int HeaderLine, long RowCount,
    IReadOnlyList<ColumnGuess> Columns, IReadOnlyList<CsvRow> FirstRows, IReadOnlyList<string> Notes);

/// <summary>Files: uploaded, mapped, rehearsed, taken in.</summary>
public sealed class Imports(Database database, JobQueue jobs, TimeProvider time)
{
    public const int MaxBytes = 512 * 1024 * 1024;
    public const int MaxRows = 5_000_000;
    const int PreviewRows = 10;

    /// <summary>
    /// Keeps the file with a guessed mapping. Refuses one that holds no rows, with the reason.
    /// </summary>
    public async Task<long> Upload(
        long workspaceId, string fileName, Stream content, string by, CancellationToken cancel)
    {
        await using var text = await UploadedText.Open(content, cancel);
        await using var session = await database.Open(workspaceId, cancel);
        var name = Path.GetFileName(fileName);
        var id = await ImportStore.Insert(
            session, name.Length > 0 ? name : "file.csv", by, time.GetUtcNow().UtcDateTime, cancel);
        var kept = new KeptStream(text.Content, session, id);
        var (table, head) = await UploadedText.Table(kept, cancel);
        var facts = await FileFacts.Count(table.Layout, new HeadAndRest(head, kept), cancel);
        if (facts.Rows == 0)
            throw new RuleBroken(
                "no_rows", "The file has a header but no rows below it. Nothing was imported.", "file");
        var mapping = ColumnGuess.For(table).Where(guess => guess.Field is not null)
            .ToDictionary(guess => guess.Column, guess => guess.Field!);
        await ImportStore.SetFacts(
            session, id, text.Encoding ?? facts.Encoding, facts.Rows, kept.Bytes,
            ImportSources.Of(table.Columns)?.Name, mapping, cancel);
        await session.Commit(cancel);
        return id;
    }

    public Task<long> Upload(
        long workspaceId, string fileName, byte[] content, string by, CancellationToken cancel) =>
        Upload(workspaceId, fileName, new MemoryStream(content), by, cancel);

    public async Task<ImportPreview> Preview(long workspaceId, long id, CancellationToken cancel)
    {
        var import = await Get(workspaceId, id, cancel);
        var table = await ImportContent.Table(database, workspaceId, id, cancel);
        return new ImportPreview(
            import, import.Encoding, table.Layout.Delimiter, table.Layout.HeaderLine, import.RowCount,
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
                + $"{ImportFields.Get(twice.Key).Label}. Skip one of them, or read it as one of: "
                + $"{ImportFields.Names}.", "mapping");
        var import = await Get(workspaceId, id, cancel);
        if (import.State != ImportState.Uploaded)
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
        long workspaceId, long id, CancellationToken cancel, long mostRows = long.MaxValue)
    {
        var import = await Get(workspaceId, id, cancel);
        var table = await ImportContent.Table(database, workspaceId, id, cancel);
        await using var content = new ImportContent(database, workspaceId, id);
        var rows = new ImportRows(import, table.Layout, content, new BulkIntake(time), time);
        var left = Math.Min(import.RowCount, mostRows);
        var report = new ImportReport { Rows = (int)left };
        await using var session = await database.Open(workspaceId, cancel);
        while (left > 0 && await rows.Next(left, cancel) is { } batch)
        {
            var taken = await rows.Take(session, batch, report, cancel);
            report = taken.Report;
            await ImportBatchStore.OpenLeads(
                session, id, taken.Number, taken.Listing.Value, import.FileName, time.GetUtcNow().UtcDateTime,
                cancel);
            left -= batch.Rows.Count;
        }

        return report;
    }

    /// <summary>Every problem of the file, as lines of CSV with a header; nothing is touched.</summary>
    public async Task WriteProblems(long workspaceId, long id, Stream output, CancellationToken cancel)
    {
        var import = await Get(workspaceId, id, cancel);
        var table = await ImportContent.Table(database, workspaceId, id, cancel);
        await using var content = new ImportContent(database, workspaceId, id);
        var rows = new CsvRows(content, table.Layout.Delimiter);
        var reader = new RowReader(table.Layout.Columns, import.MappingOf());
        await using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync(CsvLine.Of("line", "column", "value", "code", "what to do"));
        while (await rows.Read(cancel))
        {
            if (rows.Line <= table.Layout.HeaderLine || rows.IsBlank) continue;
            foreach (var problem in reader.Read(rows).Problems)
                await text.WriteAsync(CsvLine.Of(
                    problem.Line.ToString(), problem.Column, problem.Value, problem.Code, problem.Sentence));
        }
    }

    /// <summary>
    /// Everything the import added that nobody was written to goes, and every value it changed that is still
    /// as it left it comes back. A job, for there may be a million of them.
    /// </summary>
    public Task<long> Undo(long workspaceId, long id, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                await RefuseUndo(session, id, cancel);
                return await jobs.Enqueue(
                    session, UndoImport.Name, new UndoImport.Args(id), by, cancel, $"{UndoImport.Name}:{id}");
            },
            cancel);

    /// <summary>What an undo would do, told before; refuses as the undo itself does.</summary>
    public Task<UndoForecast> ForecastUndo(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                await RefuseUndo(session, id, cancel);
                return await ImportUndoStore.Forecast(session, id, cancel);
            },
            cancel);

    /// <summary>Why an import cannot be taken back, in a sentence; null when it can.</summary>
    public static string? WhyNotUndo(Import import) => import.CanUndo ? null : import.State switch
    {
        ImportState.Undone => "This import has been undone already.",
        ImportState.Running => "This import is running; cancel it first.",
        ImportState.Uploaded => "This file has not been imported.",
        _ => "This import is older than thirty days and can no longer be undone.",
    };

    public Task<IReadOnlyList<ImportPreset>> Presets(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => ImportPresetStore.All(session, cancel), cancel);

    /// <summary>Keeps how this file is read under a name; returns the preset's number.</summary>
    public async Task<long> SavePreset(
        long workspaceId, long id, string name, string by, CancellationToken cancel)
    {
        if (name.Trim() is not { Length: > 0 and <= 200 } text)
            throw new RuleBroken("bad_name", "Give the preset a name of at most 200 letters.", "name");
        await Get(workspaceId, id, cancel);
        return await database.InWorkspace(
            workspaceId,
            session => ImportPresetStore.Put(
                session, text, id, by, time.GetUtcNow().UtcDateTime, cancel),
            cancel);
    }

    public Task DeletePreset(long workspaceId, long presetId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await ImportPresetStore.Delete(session, presetId, cancel) == 0)
                    throw RuleBroken.NotFound("preset", presetId);
            },
            cancel);

    /// <summary>
    /// Reads the file as another one was read before; columns it does not have are left out.
    /// </summary>
    public async Task UsePreset(long workspaceId, long id, long presetId, CancellationToken cancel)
    {
        var preset = (await Presets(workspaceId, cancel)).FirstOrDefault(preset => preset.Id == presetId)
            ?? throw RuleBroken.NotFound("preset", presetId);
        var columns = (await ImportContent.Table(database, workspaceId, id, cancel)).Columns;
        var mapping = preset.Columns().Where(pair => columns.Contains(pair.Key)).ToDictionary();
        await Map(workspaceId, id, mapping, preset.DuplicateRule, cancel);
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

    public Task<IReadOnlyList<Import>> List(
        long workspaceId, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => ImportStore.List(
                session, beforeId, Math.Clamp(limit, 1, PageSize.MostRows), cancel),
            cancel);

    internal static RuleBroken TooLarge(long bytes) => new(
        "file_too_large",
        $"The file has {bytes / 1024 / 1024} MiB or more; at most {MaxBytes / 1024 / 1024} are taken. "
        + "Split it.", "file");

    static async Task RefuseUndo(Session session, long id, CancellationToken cancel)
    {
        var import = await ImportStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("import", id);
        if (WhyNotUndo(import) is { } reason) throw new RuleBroken("import_not_undoable", reason);
    }
}
