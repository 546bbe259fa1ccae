using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>What would happen if a campaign were launched, and launching it.</summary>
static class LaunchApi
{
    public static void MapLaunch(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/campaigns/{id:long}").WithTags("Campaigns")
            .RequireAuthorization(Policies.Viewer);
        read.MapGet("/check", Check)
            .WithSummary("Everything its launch depends on, and what stands in its way");
        read.MapGet("/forecast", Forecast).WithSummary("Day by day what it is likely to send");
        read.MapGet("/mailboxes", Senders).WithSummary("The mailboxes that write for it, its own first");
        var write = api.MapGroup("/campaigns/{id:long}").WithTags("Campaigns")
            .RequireAuthorization(Policies.Member);
        write.MapPost("/simulate", Simulate)
            .WithSummary("Every message it would send with its time, and every limit it would meet");
        write.MapPost("/launch", Launch).WithSummary("Start it, unless its checklist forbids")
            .CanDryRun(DryRuns.ByStarting);
        write.MapPost("/test", Test)
            .WithSummary("Send its first email to an address of your own; in the dry run, only say so");
        write.MapPut("/mailboxes", Share).WithSummary("Say which mailboxes share it with its own");
    }

    static Task<LaunchReview> Check(
        long id, HttpContext http, ReviewCampaign review, CancellationToken cancel) =>
        review.Of(http.Caller().WorkspaceId, id, cancel);

    static Task<Forecast> Forecast(
        long id, HttpContext http, ReviewCampaign review, CancellationToken cancel) =>
        review.Forecast(http.Caller().WorkspaceId, id, cancel);

    static async Task<Listing<MailboxView>> Senders(
        long id, HttpContext http, CampaignSenders senders, CancellationToken cancel)
    {
        var all = await senders.List(http.Caller().WorkspaceId, id, cancel);
        return new Listing<MailboxView>([.. all.Select(MailboxView.Of)], false, null, all.Count);
    }

    static Task<Simulation> Simulate(
        long id, SimulationPlan plan, HttpContext http, SimulateCampaign simulate,
        CancellationToken cancel) =>
        simulate.Run(http.Caller().WorkspaceId, id, plan, cancel);

    static Task<LaunchReview> Launch(
        long id, LaunchRequest request, HttpContext http, LaunchCampaign launch, CancellationToken cancel) =>
        launch.Run(http.Caller().WorkspaceId, id, request.Pilot, request.Count, cancel);

    static async Task<TestResult> Test(
        long id, TestRequest request, HttpContext http, SendCampaignTest test, CancellationToken cancel)
    {
        var sent = await test.Run(http.Caller().WorkspaceId, id, request.To, cancel);
        return new TestResult(sent.Left, sent.Sentence, Encoding.UTF8.GetString(sent.Message));
    }

    static async Task<Listing<MailboxView>> Share(
        long id, SharedSenders shared, HttpContext http, CampaignSenders senders, CancellationToken cancel)
    {
        await senders.Share(http.Caller().WorkspaceId, id, shared.MailboxIds, cancel);
        return await Senders(id, http, senders, cancel);
    }
}

/// <summary>How many to begin with, and the number of people as typed; it is asked above a hundred.</summary>
public sealed record LaunchRequest(int? Pilot = null, long? Count = null);

/// <summary>To whom the test message goes.</summary>
public sealed record TestRequest(string To);

/// <summary>Whether the test may have left, in words, and the message itself.</summary>
public sealed record TestResult(bool Left, string Sentence, string Message);

public sealed record SharedSenders(IReadOnlyList<long> MailboxIds);
