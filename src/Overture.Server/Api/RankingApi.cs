using Microsoft.AspNetCore.Http.HttpResults;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Ranking;
using Overture.Ranking.Evaluation;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class RankingApi
{
    public static void MapRanking(this IEndpointRouteBuilder api)
    {
        var ranking = api.MapGroup("/ranking").WithTags("Ranking");
        ranking.MapGet("", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("The ideal customer and the keywords");
        ranking.MapPut("", Put).RequireAuthorization(Policies.Member)
            .WithSummary("Change them; leads that wait are ranked again");
        ranking.MapPost("/preview", Preview).RequireAuthorization(Policies.Viewer)
            .WithSummary("Who would move if they were changed; nothing is kept");
        ranking.MapPut("/mode", Switch).RequireAuthorization(Policies.Member)
            .WithSummary("Order by what was learned, by keywords and fit, or by arrival only");
        ranking.MapGet("/evaluation", Evaluate).RequireAuthorization(Policies.Viewer)
            .WithSummary("How leads are ordered now, from what it was learned, and how well it does");
        ranking.MapPost("/train", Train).RequireAuthorization(Policies.Member)
            .WithSummary("Learn anew; the model serves if it is no worse");
        ranking.MapGet("/training-set", TrainingSetCsv).RequireAuthorization(Policies.Viewer)
            .WithSummary("The training set as CSV, a line for each lead that was written to");
        ranking.MapGet("/models", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("Every model learned, newest first");
        ranking.MapGet("/models/{id:long}", Model).RequireAuthorization(Policies.Viewer)
            .WithSummary("A model's record");
        ranking.MapGet("/models/{id:long}/document", Document).RequireAuthorization(Policies.Viewer)
            .WithSummary("The model itself, readable");
        ranking.MapPost("/models/{id:long}/pin", Pin).RequireAuthorization(Policies.Member)
            .WithSummary("Rank by this model, whatever is learned later");
        ranking.MapPost("/models/{id:long}/unpin", Unpin).RequireAuthorization(Policies.Member)
            .WithSummary("Let the next model that is no worse take over");
    }

    static Task<RankingSettings> Get(HttpContext http, Rankings rankings, CancellationToken cancel) =>
        rankings.Get(http.Caller().WorkspaceId, cancel);

    static async Task<RankingSettings> Put(
        RankingSettings settings, HttpContext http, Rankings rankings, CancellationToken cancel)
    {
        var by = http.Caller();
        await rankings.Put(by.WorkspaceId, settings, by.Name, cancel);
        return await rankings.Get(by.WorkspaceId, cancel);
    }

    static Task<RankPreviewOutcome> Preview(
        RankingSettings settings, HttpContext http, RankPreview preview, CancellationToken cancel) =>
        preview.Of(http.Caller().WorkspaceId, settings, cancel);

    static async Task<RankingSettings> Switch(
        RankingModeRequest request, HttpContext http, Rankings rankings, CancellationToken cancel)
    {
        var by = http.Caller();
        await rankings.Switch(by.WorkspaceId, request.Mode, by.Name, cancel);
        return await rankings.Get(by.WorkspaceId, cancel);
    }

    static async Task<RankingEvaluationView> Evaluate(
        HttpContext http, RankingReport report, CancellationToken cancel) =>
        RankingEvaluationView.Of(await report.Of(http.Caller().WorkspaceId, cancel));

    static Task<Accepted<JobView>> Train(HttpContext http, JobQueue jobs, CancellationToken cancel) =>
        JobsApi.Enqueue(
            http, jobs, TrainRanking.Name, new TrainRanking.Args(), cancel, TrainRanking.UniqueKey);

    static async Task TrainingSetCsv(HttpContext http, TrainingSet training, CancellationToken cancel)
    {
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"training-set.csv\"";
        await using var to = new StreamWriter(http.Response.Body) { NewLine = "\r\n" };
        await training.WriteCsv(http.Caller().WorkspaceId, to, cancel);
    }

    static async Task<IReadOnlyList<RankingModelView>> List(
        HttpContext http, LearnedModels models, CancellationToken cancel) =>
        [.. (await models.List(http.Caller().WorkspaceId, cancel)).Select(RankingModelView.Of)];

    static async Task<RankingModelView> Model(
        long id, HttpContext http, LearnedModels models, CancellationToken cancel) =>
        RankingModelView.Of(await models.Get(http.Caller().WorkspaceId, id, cancel));

    static async Task<IResult> Document(
        long id, HttpContext http, LearnedModels models, CancellationToken cancel) =>
        TypedResults.Text(
            await models.Document(http.Caller().WorkspaceId, id, cancel), "application/json");

    static async Task<RankingModelView> Pin(
        long id, HttpContext http, LearnedModels models, CancellationToken cancel)
    {
        await models.Pin(http.Caller().WorkspaceId, id, cancel);
        return await Model(id, http, models, cancel);
    }

    static async Task<RankingModelView> Unpin(
        long id, HttpContext http, LearnedModels models, CancellationToken cancel)
    {
        await models.Unpin(http.Caller().WorkspaceId, id, cancel);
        return await Model(id, http, models, cancel);
    }
}

/// <summary>The most that leads may be ordered by.</summary>
public sealed record RankingModeRequest(RankingMode Mode);

/// <summary>A learned model as the API shows it.</summary>
public sealed record RankingModelView(
    long Id, RankingModelState State, bool IsKept, string FeatureList, int FeatureCount, int RowCount,
    int PositiveCount, double PatienceDays, Interval Auc, double LogLoss, string Decision,
    JsonElement Comparison, DateTime TrainedAt, string TrainedBy, DateTime? PromotedAt, DateTime? RetiredAt)
{
    public static RankingModelView Of(LearnedModel model)
    {
        using var comparison = JsonDocument.Parse(model.Comparison);
        return new RankingModelView(
            model.Id, model.State, model.IsKept, model.FeatureList, model.FeatureCount, model.RowCount,
            model.PositiveCount, model.PatienceDays, new Interval(model.Auc, model.AucLow, model.AucHigh),
            model.LogLoss, model.Decision, comparison.RootElement.Clone(), model.TrainedAt, model.TrainedBy,
            model.PromotedAt, model.RetiredAt);
    }
}

/// <summary>How leads are ordered and how well that does.</summary>
public sealed record RankingEvaluationView(
    RankingMode Mode, string Why, RankingModelView? Serving, RankingModelView? Newest, ModelMetrics? Metrics,
    Trial? Comparison, long Labelled, long Yes, IReadOnlyList<AnswerCount> Answers, DateTime? BuiltAt,
    IReadOnlyDictionary<string, long> Waiting)
{
    public static RankingEvaluationView Of(RankingEvaluation of) => new(
        of.Mode, of.Why, of.Serving is null ? null : RankingModelView.Of(of.Serving),
        of.Newest is null ? null : RankingModelView.Of(of.Newest), of.Metrics, of.Comparison, of.Labelled,
        of.Yes, of.Answers, of.BuiltAt, of.Waiting);
}
