using Microsoft.AspNetCore.Http.HttpResults;
using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(Policies.Viewer);
        read.MapGet("", List).WithSummary("Campaigns with their counters");
        read.MapGet("/starters", Starters).WithSummary("Complete campaigns to begin with");
        read.MapGet("/{id:long}", Get).WithSummary("A campaign with its steps");
        read.MapGet("/{id:long}/counters", Counters)
            .WithSummary("Enrolled, sent, delivered, opened, clicked, replied, positive …");
        read.MapGet("/{id:long}/blockers", Blockers)
            .WithSummary("Why it is not sending, the first reason first");
        read.MapGet("/{id:long}/preview", Preview).WithSummary("What a lead would be written");
        var parts = read.MapGroup("/{id:long}").AddEndpointFilter(OfOneThatExists);
        parts.MapGet("/messages", Messages).WithSummary("What it wrote, newest first");
        parts.MapGet("/steps", Steps).WithSummary("Each step with its numbers, also removed ones");
        parts.MapGet("/texts", Texts).WithSummary("Each wording with its numbers");
        parts.MapGet("/comparisons", Comparisons)
            .WithSummary("Wordings against each other; may be looked at as often as one likes");
        parts.MapGet("/events", Events).WithSummary("What happened, the newest first");
        var write = api.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(Policies.Member);
        write.MapPost("", Create).WithSummary("Write a campaign");
        write.MapPut("/{id:long}", Update).WithSummary("Rewrite a campaign, running or not");
        write.MapPost("/{id:long}/compare", Compare)
            .WithSummary("What saving this draft would change, and for how many");
        write.MapPost("/{id:long}/start", Start)
            .WithSummary("Start or resume; first with a pilot of so many").CanDryRun(DryRuns.ByStarting);
        write.MapPost("/{id:long}/release", Release)
            .WithSummary("End the pilot and enroll the whole audience");
        write.MapPost("/{id:long}/pause", Pause).WithSummary("Pause");
        write.MapPost("/{id:long}/end", End).WithSummary("End it for everybody still in it");
        write.MapPost("/{id:long}/archive", Archive).WithSummary("Put away for good");
        write.MapPost("/{id:long}/duplicate", Duplicate).WithSummary("The same once more, as a draft");
        write.MapPost("/{id:long}/texts/{text:long}/promote", Promote)
            .WithSummary("Give every further message of a step to one wording");
    }

    /// <summary>An empty list would say that a mistyped campaign has done nothing.</summary>
    internal static async ValueTask<object?> OfOneThatExists(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        await http.RequestServices.GetRequiredService<Campaigns>().Get(
            http.Caller().WorkspaceId,
            long.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture), http.RequestAborted);
        return await next(context);
    }

    static async Task<Listing<CampaignLine>> List(
        HttpContext http, Campaigns campaigns, CampaignReport report, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var counters = (await report.All(workspace, cancel)).ToDictionary(row => row.CampaignId);
        return Whole([.. (await campaigns.List(workspace, cancel))
            .Select(campaign => new CampaignLine(campaign, counters[campaign.Id]))]);
    }

    static Listing<CampaignStarter> Starters() => Whole(CampaignStarters.All);

    static Task<CampaignDetail> Get(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        campaigns.Get(http.Caller().WorkspaceId, id, cancel);

    static Task<CampaignCounters> Counters(
        long id, HttpContext http, CampaignReport report, CancellationToken cancel) =>
        report.Of(http.Caller().WorkspaceId, id, cancel);

    static async Task<Listing<Obstacle>> Blockers(
        long id, HttpContext http, WhyNot whyNot, CancellationToken cancel) =>
        Whole(await whyNot.Of(http.Caller().WorkspaceId, id, cancel));

    static async Task<Listing<MessageRow>> Messages(
        long id, HttpContext http, MessageReport report, MessageWord? state, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.List(
            http.Caller().WorkspaceId, id, null, Spelling.Of(state), cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<Listing<MessagePreview>> Preview(
        long id, long leadId, int? position, HttpContext http, PreviewMessage preview,
        CancellationToken cancel) =>
        Whole(await preview.Of(http.Caller().WorkspaceId, id, leadId, position ?? 1, cancel));

    static async Task<Listing<StepResult>> Steps(
        long id, HttpContext http, SequenceReport report, CancellationToken cancel) =>
        Whole(await report.Steps(http.Caller().WorkspaceId, id, cancel));

    static async Task<Listing<VariantResult>> Texts(
        long id, HttpContext http, SequenceReport report, CancellationToken cancel) =>
        Whole(await report.Variants(http.Caller().WorkspaceId, id, cancel));

    static async Task<Listing<StepComparison>> Comparisons(
        long id, HttpContext http, SequenceReport report, CancellationToken cancel) =>
        Whole(await report.Comparisons(http.Caller().WorkspaceId, id, cancel));

    static async Task<Listing<CampaignEvent>> Events(
        long id, HttpContext http, SequenceReport report, int? limit, CancellationToken cancel) =>
        Whole(await report.Feed(
            http.Caller().WorkspaceId, id, limit ?? Paging.DefaultLimit, cancel));

    static async Task<Created<CampaignDetail>> Create(
        CampaignDraft draft, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var id = await campaigns.Create(workspace, draft, cancel);
        return TypedResults.Created($"/api/v1/campaigns/{id}", await campaigns.Get(workspace, id, cancel));
    }

    static Task<CampaignDetail> Update(
        long id, CampaignDraft draft, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(http, campaigns, id, by => campaigns.Update(by.WorkspaceId, id, draft, cancel), cancel);

    static async Task<Listing<StepChange>> Compare(
        long id, CampaignDraft draft, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        Whole(await campaigns.Compare(http.Caller().WorkspaceId, id, draft, cancel));

    static Task<CampaignDetail> Start(
        long id, int? pilot, HttpContext http, Campaigns campaigns, LaunchCampaign launch,
        CancellationToken cancel) =>
        After(http, campaigns, id, by => launch.Start(by.WorkspaceId, id, pilot, cancel), cancel);

    static Task<CampaignDetail> Release(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(http, campaigns, id, by => campaigns.Release(by.WorkspaceId, id, cancel), cancel);

    static Task<CampaignDetail> Pause(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(
            http, campaigns, id, by => campaigns.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel), cancel);

    static Task<CampaignDetail> End(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(http, campaigns, id, by => campaigns.End(by.WorkspaceId, id, cancel), cancel);

    static Task<CampaignDetail> Archive(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(http, campaigns, id, by => campaigns.Archive(by.WorkspaceId, id, cancel), cancel);

    static async Task<Created<CampaignDetail>> Duplicate(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var copy = await campaigns.Duplicate(workspace, id, cancel);
        return TypedResults.Created(
            $"/api/v1/campaigns/{copy}", await campaigns.Get(workspace, copy, cancel));
    }

    static Task<CampaignDetail> Promote(
        long id, long text, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        After(http, campaigns, id, by => campaigns.Promote(by.WorkspaceId, id, text, cancel), cancel);

    static async Task<CampaignDetail> After(
        HttpContext http, Campaigns campaigns, long id, Func<Identity, Task> act, CancellationToken cancel)
    {
        await act(http.Caller());
        return await campaigns.Get(http.Caller().WorkspaceId, id, cancel);
    }

    static Listing<T> Whole<T>(IReadOnlyList<T> rows) => new(rows, false, null, rows.Count);
}

/// <summary>The state a message is in, or what happened to it.</summary>
public enum MessageWord
{
    Draft,
    Approved,
    Scheduled,
    Sending,
    Sent,
    Failed,
    Cancelled,
    Captured,
    Delivered,
    Deferred,
    Uncertain,
    Opened,
    Clicked,
    Replied,
    AutoReplied,
    Bounced,
    Complained,
    Unsubscribed,
}

public sealed record CampaignLine(Campaign Campaign, CampaignCounters Counters);
