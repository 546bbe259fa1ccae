using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class PipelineApi
{
    public static void MapPipeline(this IEndpointRouteBuilder api)
    {
        api.MapPost("/pipeline/run", Run).RequireAuthorization(Policies.Member).WithTags("Pipeline")
            .WithSummary("Take everything that is due through all phases");
        api.MapPost("/pipeline/stop", Stop).RequireAuthorization(Policies.Member).WithTags("Pipeline")
            .WithSummary("Stop the running pipeline at its next safe point");
        api.MapGet("/pipeline", State).RequireAuthorization(Policies.Viewer).WithTags("Pipeline")
            .WithSummary("Whether it runs, and how far the leads have come");
        api.MapGet("/metrics", Metrics).RequireAuthorization(Policies.Viewer).WithTags("Pipeline")
            .WithSummary("Counts and percentages for the dashboard");
    }

    internal static Task<Accepted<JobView>> Run(
        PipelineRequest? request, HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        JobsApi.Enqueue(
            http, jobs, RunPipeline.Name, new RunPipeline.Args(request?.Count ?? 0, request?.Seed ?? 1),
            cancel, RunPipeline.UniqueKey);

    internal static async Task<PipelineState> Stop(
        HttpContext http, JobQueue jobs, PipelineReport report, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        if (await Unfinished(workspace, jobs, cancel) is { } running)
            await jobs.Cancel(workspace, running.Id, cancel);
        return await State(http, jobs, report, cancel);
    }

    internal static async Task<PipelineState> State(
        HttpContext http, JobQueue jobs, PipelineReport report, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var job = await Unfinished(workspace, jobs, cancel);
        return new PipelineState(
            job is not null, job is null ? null : JobView.Of(job), await report.Counts(workspace, cancel));
    }

    internal static async Task<PipelineMetrics> Metrics(
        HttpContext http, JobQueue jobs, PipelineReport report, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        return PipelineMetrics.Of(
            await report.Counts(workspace, cancel), await jobs.CountByState(workspace, cancel));
    }

    static async Task<Job?> Unfinished(long workspace, JobQueue jobs, CancellationToken cancel) =>
        (await jobs.List(workspace, RunPipeline.Name, null, null, 5, cancel))
            .FirstOrDefault(job => !job.IsFinished);
}

/// <summary>How many synthetic leads to make first; none when absent.</summary>
public sealed record PipelineRequest(int Count = 0, int Seed = 1);

public sealed record PipelineState(bool IsRunning, JobView? Job, PipelineCounts Counts);

/// <summary>Counts, and each as a percentage of what was collected.</summary>
public sealed record PipelineMetrics(
    PipelineCounts Counts, double EnrichedPercent, double ComposedPercent, double SentPercent,
    double ReplyPercent, double FailurePercent, IReadOnlyDictionary<string, long> Jobs)
{
    public static PipelineMetrics Of(PipelineCounts counts, IReadOnlyDictionary<string, long> jobs) => new(
        counts, Percent(counts.Enriched, counts.Collected), Percent(counts.Composed, counts.Collected),
        Percent(counts.Sent, counts.Composed), Percent(counts.Replied, counts.Sent),
        Percent(counts.Failed, counts.Composed), jobs);

    static double Percent(long part, long whole) => whole == 0 ? 0 : Math.Round(100.0 * part / whole, 1);
}
