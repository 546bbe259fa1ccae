using Microsoft.AspNetCore.Http.HttpResults;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class JobsApi
{
    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("", List).RequireAuthorization(Policies.Viewer).WithSummary("Jobs, newest first");
        jobs.MapGet("/{id:long}", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("A job with its progress");
        jobs.MapPost("/{id:long}/cancel", Cancel).RequireAuthorization(Policies.Member)
            .WithSummary("Cancel at the next safe point");
        jobs.MapPost("/{id:long}/retry", Retry).RequireAuthorization(Policies.Member)
            .WithSummary("Go on from the checkpoint");
        jobs.MapPost("/collect-sec-edgar", SecEdgar).RequireAuthorization(Policies.Member)
            .WithSummary("Collect Form D filings of a range of days");
        jobs.MapPost("/collect-synthetic", Synthetic).RequireAuthorization(Policies.Member)
            .WithSummary("Make synthetic leads");
        jobs.MapPost("/collect-crm", Crm).RequireAuthorization(Policies.Member)
            .WithSummary("Bring contacts over from HubSpot or lemlist");
        jobs.MapPost("/find-executives", Executives).RequireAuthorization(Policies.Member)
            .WithSummary("Find the people who lead companies");
        jobs.MapPost("/enrich-leads", Enrich).RequireAuthorization(Policies.Member)
            .WithSummary("Ask the connected services about the leads that wait, or about all");
        jobs.MapPost("/replay-raw", Replay).RequireAuthorization(Policies.Admin)
            .WithSummary("Read kept payloads again and tell, or write, what changes");
    }

    internal static async Task<Listing<JobView>> List(
        HttpContext http, JobQueue jobs, string? kind, JobState? state, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await jobs.List(http.Caller().WorkspaceId, kind, state, cursor, size + 1, cancel);
        return Paging.ByIdDown([.. rows.Select(JobView.Of)], size, job => job.Id);
    }

    internal static async Task<JobView> Get(
        long id, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        JobView.Of(await jobs.Get(http.Caller().WorkspaceId, id, cancel));

    static async Task<JobView> Cancel(long id, HttpContext http, JobQueue jobs, CancellationToken cancel)
    {
        await jobs.Cancel(http.Caller().WorkspaceId, id, cancel);
        return await Get(id, http, jobs, cancel);
    }

    static async Task<JobView> Retry(long id, HttpContext http, JobQueue jobs, CancellationToken cancel)
    {
        await jobs.Retry(http.Caller().WorkspaceId, id, cancel);
        return await Get(id, http, jobs, cancel);
    }

    static Task<Accepted<JobView>> SecEdgar(
        CollectSecEdgar.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(http, jobs, CollectSecEdgar.Name, args, cancel);

    static Task<Accepted<JobView>> Synthetic(
        CollectSynthetic.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(http, jobs, CollectSynthetic.Name, args, cancel);

    static Task<Accepted<JobView>> Crm(
        CollectCrm.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(http, jobs, CollectCrm.Name, args, cancel, $"{CollectCrm.Name}:{args.Provider}");

    static Task<Accepted<JobView>> Executives(
        FindExecutives.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(http, jobs, FindExecutives.Name, args, cancel);

    static Task<Accepted<JobView>> Enrich(
        EnrichAgain.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(http, jobs, EnrichAgain.Name, args, cancel, EnrichAgain.Name);

    static Task<Accepted<JobView>> Replay(
        ReplayRaw.Args args, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        Enqueue(
            http, jobs, ReplayRaw.Name, args with { Provider = ProviderKind.Of(args.Provider).Name }, cancel);

    /// <summary>202 with the job and where to look for it.</summary>
    internal static async Task<Accepted<JobView>> Enqueue(
        HttpContext http, JobQueue jobs, string kind, object args, CancellationToken cancel,
        string? uniqueKey = null)
    {
        var by = http.Caller();
        var id = await jobs.Enqueue(by.WorkspaceId, kind, args, by.Name, cancel, uniqueKey);
        return TypedResults.Accepted($"/api/v1/jobs/{id}", await Get(id, http, jobs, cancel));
    }
}

/// <summary>A job as the API shows it: parameters and result as JSON, not as text.</summary>
public sealed record JobView(
    long Id, string Kind, JobState State, short Priority, JobProgress Progress, JsonElement Parameters,
    JsonElement? Result, string? Error, int Attempt, string CreatedBy, DateTime CreatedAt,
    DateTime? StartedAt, DateTime? FinishedAt)
{
    public static JobView Of(Job job) => new(
        job.Id, job.Kind, job.State, job.Priority, new(job.ProgressDone, job.ProgressTotal, job.ProgressNote),
        Element(job.Parameters), job.Result is null ? null : Element(job.Result), job.Error, job.Attempt,
        job.CreatedBy, job.CreatedAt, job.StartedAt, job.FinishedAt);

    static JsonElement Element(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

public sealed record JobProgress(long Done, long? Total, string? Note);
