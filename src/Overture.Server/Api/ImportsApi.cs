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
        imports.MapPost("", Upload).WithSummary("Upload a CSV or XLSX file as the body; its columns are guessed")
            .Accepts<byte[]>("text/csv", "application/octet-stream")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Imports.MaxBytes));
        imports.MapGet("/{id:long}", Get).WithSummary("The file, its columns and first rows");
        imports.MapPut("/{id:long}/mapping", Map).WithSummary("Which column is which field");
        imports.MapPost("/{id:long}/check", Check)
            .WithSummary("What would happen, without changing anything");
        imports.MapPost("/{id:long}/run", Run).WithSummary("Take it in, as a job");
        imports.MapGet("/{id:long}/errors.csv", Errors).WithSummary("The rows that need attention");
    }

    static async Task<IResult> Upload(
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

    static async Task<IResult> Run(
        long id, HttpContext http, Imports imports, JobQueue jobs, CancellationToken cancel)
    {
        var by = http.Caller();
        var jobId = await imports.Start(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.Accepted($"/api/v1/jobs/{jobId}", await JobsApi.Get(jobId, http, jobs, cancel));
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

/// <summary>An import as the API shows it: without the file's bytes.</summary>
public sealed record ImportView(
    long Id, string FileName, ImportState State, long? JobId, string Encoding, string Delimiter, int HeaderLine,
    long RowCount, IReadOnlyDictionary<string, string> Mapping, DuplicateRule DuplicateRule,
    IReadOnlyList<ColumnGuess> Columns, IReadOnlyList<CsvRow> FirstRows, IReadOnlyList<string> Notes)
{
    public static ImportView Of(ImportPreview preview) => new(
        preview.Import.Id, preview.Import.FileName, preview.Import.State, preview.Import.JobId,
        preview.Encoding, preview.Delimiter.ToString(), preview.HeaderLine, preview.RowCount,
        preview.Import.MappingOf(), preview.Import.DuplicateRule, preview.Columns, preview.FirstRows,
        preview.Notes);
}
