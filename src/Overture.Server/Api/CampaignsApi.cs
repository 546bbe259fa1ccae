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
        read.MapGet("/{id:long}", Get).WithSummary("A campaign with its steps");
        read.MapGet("/{id:long}/counters", Counters).WithSummary("Enrolled, sent, delivered, replied …");
        read.MapGet("/{id:long}/blockers", Blockers)
            .WithSummary("Why it is not sending, the first reason first");
        read.MapGet("/{id:long}/messages", Messages).WithSummary("What it wrote, newest first");
        read.MapGet("/{id:long}/preview", Preview).WithSummary("What a lead would be written");
        var write = api.MapGroup("/campaigns").WithTags("Campaigns").RequireAuthorization(Policies.Member);
        write.MapPost("", Create).WithSummary("Write a campaign");
        write.MapPut("/{id:long}", Update).WithSummary("Rewrite a campaign");
        write.MapPost("/{id:long}/start", Start).WithSummary("Start or resume");
        write.MapPost("/{id:long}/pause", Pause).WithSummary("Pause");
        write.MapPost("/{id:long}/archive", Archive).WithSummary("Put away for good");
    }

    static async Task<Listing<CampaignLine>> List(
        HttpContext http, Campaigns campaigns, CampaignReport report, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var counters = (await report.All(workspace, cancel)).ToDictionary(row => row.CampaignId);
        var lines = (await campaigns.List(workspace, cancel))
            .Select(campaign => new CampaignLine(campaign, counters[campaign.Id])).ToList();
        return new Listing<CampaignLine>(lines, false, null, lines.Count);
    }

    static Task<CampaignDetail> Get(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel) =>
        campaigns.Get(http.Caller().WorkspaceId, id, cancel);

    static Task<CampaignCounters> Counters(
        long id, HttpContext http, CampaignReport report, CancellationToken cancel) =>
        report.Of(http.Caller().WorkspaceId, id, cancel);

    static async Task<Listing<Obstacle>> Blockers(
        long id, HttpContext http, WhyNot whyNot, CancellationToken cancel)
    {
        var obstacles = await whyNot.Of(http.Caller().WorkspaceId, id, cancel);
        return new Listing<Obstacle>(obstacles, false, null, obstacles.Count);
    }

    static async Task<Listing<MessageRow>> Messages(
        long id, HttpContext http, MessageReport report, string? state, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = Math.Clamp(limit ?? Paging.DefaultLimit, 1, Leads.MaxPageSize - 1);
        var rows = await report.List(http.Caller().WorkspaceId, id, null, state, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<Listing<MessagePreview>> Preview(
        long id, long leadId, int? position, HttpContext http, PreviewMessage preview,
        CancellationToken cancel)
    {
        var shown = await preview.Of(http.Caller().WorkspaceId, id, leadId, position ?? 1, cancel);
        return new Listing<MessagePreview>(shown, false, null, shown.Count);
    }

    static async Task<IResult> Create(
        CampaignDraft draft, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var id = await campaigns.Create(workspace, draft, cancel);
        return TypedResults.Created($"/api/v1/campaigns/{id}", await campaigns.Get(workspace, id, cancel));
    }

    static async Task<CampaignDetail> Update(
        long id, CampaignDraft draft, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        await campaigns.Update(http.Caller().WorkspaceId, id, draft, cancel);
        return await campaigns.Get(http.Caller().WorkspaceId, id, cancel);
    }

    static async Task<CampaignDetail> Start(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        await campaigns.Start(http.Caller().WorkspaceId, id, cancel);
        return await campaigns.Get(http.Caller().WorkspaceId, id, cancel);
    }

    static async Task<CampaignDetail> Pause(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        var by = http.Caller();
        await campaigns.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel);
        return await campaigns.Get(by.WorkspaceId, id, cancel);
    }

    static async Task<CampaignDetail> Archive(
        long id, HttpContext http, Campaigns campaigns, CancellationToken cancel)
    {
        await campaigns.Archive(http.Caller().WorkspaceId, id, cancel);
        return await campaigns.Get(http.Caller().WorkspaceId, id, cancel);
    }
}

public sealed record CampaignLine(Campaign Campaign, CampaignCounters Counters);
