using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class ImportsApi
{
    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports").RequireAuthorization(Policies.Member);
        imports.MapPost("", Upload)
            .WithSummary("Upload a CSV or XLSX file as the body; its columns are guessed")
            .Accepts<byte[]>(
                "text/csv", "application/octet-stream", "text/plain", "text/tab-separated-values",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Imports.MaxBytes));
        imports.MapGet("/{id:long}", Get).WithSummary("The file, its columns and first rows");
        imports.MapPut("/{id:long}/mapping", Map).WithSummary("Which column is which field");
        imports.MapPost("/{id:long}/check", Check)
            .WithSummary("What would happen, without changing anything");
        imports.MapPost("/{id:long}/run", Run).WithSummary("Take it in, as a job");
        imports.MapGet("", List).WithSummary("Imports, newest first");
        imports.MapGet("/{id:long}/undo", ForecastUndo)
            .WithSummary("What taking it back would delete, keep and restore");
        imports.MapPost("/{id:long}/undo", Undo)
            .WithSummary("Take it back, within thirty days, as a job");
        imports.MapGet("/presets", Presets).WithSummary("How kinds of files are read");
        imports.MapPost("/{id:long}/preset", SavePreset)
            .WithSummary("Keep how this file is read under a name");
        imports.MapPost("/{id:long}/preset/{preset:long}", UsePreset)
            .WithSummary("Read this file as a preset says");
        imports.MapDelete("/presets/{preset:long}", DeletePreset).WithSummary("Delete a preset");
        imports.MapGet("/{id:long}/errors.csv", Errors).WithSummary("The rows that need attention");
    }

    static async Task<Created<ImportView>> Upload(
        HttpContext http, Imports imports, string? fileName, CancellationToken cancel)
    {
        var by = http.Caller();
        var id = await imports.Upload(
            by.WorkspaceId, fileName ?? "upload.csv", http.Request.Body, by.Name, cancel);
        return TypedResults.Created($"/api/v1/imports/{id}", await Get(id, http, imports, cancel));
    }

    static async Task<ImportView> Get(long id, HttpContext http, Imports imports, CancellationToken cancel) =>
        ImportView.Of(await imports.Preview(http.Caller().WorkspaceId, id, cancel));

    static async Task<ImportView> Map(
        long id, ImportMapping mapping, HttpContext http, Imports imports, CancellationToken cancel)
    {
        await imports.Map(http.Caller().WorkspaceId, id, mapping.Columns, mapping.DuplicateRule, cancel);
        return await Get(id, http, imports, cancel);
    }

    static Task<ImportReport> Check(long id, HttpContext http, Imports imports, CancellationToken cancel) =>
        imports.Check(http.Caller().WorkspaceId, id, cancel);

    static async Task<Accepted<JobView>> Run(
        long id, HttpContext http, Imports imports, JobQueue jobs, CancellationToken cancel)
    {
        var by = http.Caller();
        var jobId = await imports.Start(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.Accepted($"/api/v1/jobs/{jobId}", await JobsApi.Get(jobId, http, jobs, cancel));
    }

    static async Task<Listing<Import>> List(
        HttpContext http, Imports imports, int? limit, long? cursor, CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await imports.List(http.Caller().WorkspaceId, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, import => import.Id);
    }

    static Task<UndoForecast> ForecastUndo(
        long id, HttpContext http, Imports imports, CancellationToken cancel) =>
        imports.ForecastUndo(http.Caller().WorkspaceId, id, cancel);

    static async Task<Accepted<JobView>> Undo(
        long id, HttpContext http, Imports imports, JobQueue jobs, CancellationToken cancel)
    {
        var by = http.Caller();
        var jobId = await imports.Undo(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.Accepted($"/api/v1/jobs/{jobId}", await JobsApi.Get(jobId, http, jobs, cancel));
    }

    static Task<IReadOnlyList<ImportPreset>> Presets(
        HttpContext http, Imports imports, CancellationToken cancel) =>
        imports.Presets(http.Caller().WorkspaceId, cancel);

    static async Task<Created<ImportPreset>> SavePreset(
        long id, NewPreset preset, HttpContext http, Imports imports, CancellationToken cancel)
    {
        var by = http.Caller();
        var made = await imports.SavePreset(by.WorkspaceId, id, preset.Name, by.Name, cancel);
        var saved = (await imports.Presets(by.WorkspaceId, cancel)).Single(known => known.Id == made);
        return TypedResults.Created($"/api/v1/imports/presets/{made}", saved);
    }

    static async Task<ImportView> UsePreset(
        long id, long preset, HttpContext http, Imports imports, CancellationToken cancel)
    {
        await imports.UsePreset(http.Caller().WorkspaceId, id, preset, cancel);
        return await Get(id, http, imports, cancel);
    }

    static async Task<NoContent> DeletePreset(
        long preset, HttpContext http, Imports imports, CancellationToken cancel)
    {
        await imports.DeletePreset(http.Caller().WorkspaceId, preset, cancel);
        return TypedResults.NoContent();
    }

    static async Task<IResult> Errors(long id, HttpContext http, Imports imports, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        await imports.Get(workspace, id, cancel);
        return Results.Stream(
            output => imports.WriteProblems(workspace, id, output, cancel), "text/csv; charset=utf-8",
            $"import-{id}-errors.csv");
    }
}

/// <summary>Column name to field; a column that is absent or "skip" is left out.</summary>
public sealed record ImportMapping(
    IReadOnlyDictionary<string, string> Columns, DuplicateRule DuplicateRule = DuplicateRule.FillBlanks);

public sealed record NewPreset(string Name);

/// <summary>An import as the API shows it: without the file's bytes.</summary>
public sealed record ImportView(
    long Id, string FileName, ImportState State, string? Recognised, long? JobId, string Encoding,
    string Delimiter, int HeaderLine, long RowCount, IReadOnlyDictionary<string, string> Mapping,
    DuplicateRule DuplicateRule, IReadOnlyList<ColumnGuess> Columns, IReadOnlyList<CsvRow> FirstRows,
    IReadOnlyList<string> Notes)
{
    public static ImportView Of(ImportPreview preview) => new(
        preview.Import.Id, preview.Import.FileName, preview.Import.State, preview.Import.Recognised,
        preview.Import.JobId,
        preview.Encoding, preview.Delimiter.ToString(), preview.HeaderLine, preview.RowCount,
        preview.Import.MappingOf(), preview.Import.DuplicateRule, preview.Columns, preview.FirstRows,
        preview.Notes);
}
