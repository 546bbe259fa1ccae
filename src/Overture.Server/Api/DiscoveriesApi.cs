using Microsoft.AspNetCore.Http.HttpResults;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class DiscoveriesApi
{
    public static void MapDiscoveries(this IEndpointRouteBuilder api)
    {
        var discoveries = api.MapGroup("/discoveries").WithTags("Discover");
        discoveries.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("Ideal customers searched for");
        discoveries.MapGet("/{id:long}", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("One, with what its sources said");
        discoveries.MapPost("", Create).RequireAuthorization(Policies.Member)
            .WithSummary("Describe an ideal customer");
        discoveries.MapPut("/{id:long}", Update).RequireAuthorization(Policies.Member)
            .WithSummary("Change it");
        discoveries.MapDelete("/{id:long}", Delete).RequireAuthorization(Policies.Member)
            .WithSummary("Delete it with its proposals; leads stay");
        discoveries.MapPost("/{id:long}/preview", Preview).RequireAuthorization(Policies.Member)
            .WithSummary("Ask every source for ten, and what a run would cost");
        discoveries.MapPost("/{id:long}/run", Run).RequireAuthorization(Policies.Member)
            .WithSummary("Search as a job");
        discoveries.MapGet("/{id:long}/proposals", Proposals).RequireAuthorization(Policies.Viewer)
            .WithSummary("Who was proposed, the best fit first");
        discoveries.MapPost("/{id:long}/approve", Approve).RequireAuthorization(Policies.Member)
            .WithSummary("Make proposals leads; without ids, all of them");
        discoveries.MapPost("/{id:long}/dismiss", Dismiss).RequireAuthorization(Policies.Member)
            .WithSummary("Leave proposals out; without ids, all of them").CanDryRun(Deleted.ToAffected);
    }

    static async Task<Listing<DiscoveryView>> List(
        HttpContext http, Discoveries discoveries, CancellationToken cancel)
    {
        var all = await discoveries.List(http.Caller().WorkspaceId, cancel);
        return new Listing<DiscoveryView>([.. all.Select(DiscoveryView.Of)], false, null, all.Count);
    }

    static async Task<DiscoveryView> Get(
        long id, HttpContext http, Discoveries discoveries, CancellationToken cancel) =>
        DiscoveryView.Of(await discoveries.Get(http.Caller().WorkspaceId, id, cancel));

    static async Task<Created<DiscoveryView>> Create(
        DiscoveryDraft draft, HttpContext http, Discoveries discoveries, CancellationToken cancel)
    {
        var by = http.Caller();
        var id = await discoveries.Create(by.WorkspaceId, draft, by.Name, cancel);
        return TypedResults.Created($"/api/v1/discoveries/{id}", await Get(id, http, discoveries, cancel));
    }

    static async Task<DiscoveryView> Update(
        long id, DiscoveryDraft draft, HttpContext http, Discoveries discoveries, CancellationToken cancel)
    {
        await discoveries.Update(http.Caller().WorkspaceId, id, draft, cancel);
        return await Get(id, http, discoveries, cancel);
    }

    static async Task<NoContent> Delete(
        long id, HttpContext http, Discoveries discoveries, CancellationToken cancel)
    {
        await discoveries.Delete(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }

    static Task<IReadOnlyList<SourceEstimate>> Preview(
        long id, HttpContext http, DiscoverLeads discover, CancellationToken cancel) =>
        discover.Preview(http.Caller().WorkspaceId, id, cancel);

    static async Task<Accepted<JobView>> Run(
        long id, HttpContext http, Discoveries discoveries, JobQueue jobs, CancellationToken cancel)
    {
        await discoveries.Get(http.Caller().WorkspaceId, id, cancel);
        return await JobsApi.Enqueue(
            http, jobs, DiscoverLeads.Name, new DiscoverLeads.Args(id), cancel,
            StartDueDiscoveries.UniqueKey(id));
    }

    static async Task<Listing<ProposalView>> Proposals(
        long id, ProposalState? state, HttpContext http, Discoveries discoveries, CancellationToken cancel)
    {
        var (rows, counts) = await discoveries.Proposals(http.Caller().WorkspaceId, id, state, cancel);
        var total = state is null ? counts.Values.Sum()
            : counts.GetValueOrDefault(state.Value.ToString().ToLowerInvariant());
        return new Listing<ProposalView>([.. rows.Select(ProposalView.Of)], total > rows.Count, null, total);
    }

    static async Task<Accepted<JobView>> Approve(
        long id, ProposalChoice choice, HttpContext http, Discoveries discoveries, JobQueue jobs,
        CancellationToken cancel)
    {
        await discoveries.Decide(http.Caller().WorkspaceId, id, choice.Ids, true, cancel);
        return await JobsApi.Enqueue(
            http, jobs, TakeProposals.Name, new TakeProposals.Args(id), cancel, $"{TakeProposals.Name}:{id}");
    }

    static async Task<Deleted> Dismiss(
        long id, ProposalChoice choice, HttpContext http, Discoveries discoveries,
        CancellationToken cancel) =>
        new(await discoveries.Decide(http.Caller().WorkspaceId, id, choice.Ids, false, cancel));
}

public sealed record ProposalChoice(IReadOnlyList<long>? Ids = null);

public sealed record DiscoveryView(
    long Id, string Name, string Rules, IReadOnlyList<string> Sources, int MostPerRun, int? EveryDays,
    DateTime? DueAt, DateTime? LastRunAt, IReadOnlyList<SourceEstimate> Estimate)
{
    public static DiscoveryView Of(Discovery one) => new(
        one.Id, one.Name, one.Rules, one.Sources, one.MostPerRun, one.EveryDays, one.DueAt, one.LastRunAt,
        Estimates(one));

    /// <summary>What the sources said last; before that, what a run may cost at most.</summary>
    internal static IReadOnlyList<SourceEstimate> Estimates(Discovery one)
    {
        if (one.Estimate is { } text)
            return JsonSerializer.Deserialize<List<SourceEstimate>>(text, JobJson.Options) ?? [];
        var rules = DiscoveryRules.Parse(one.Rules);
        return [.. one.Sources.Select(source => DiscoverLeads.Estimate(one, source, rules, null, null))];
    }
}

public sealed record ProposalView(
    long Id, string Source, ProposalState State, int? Fit, bool IsMasked, ProposalContent Content,
    long? LeadId, string? Note, DateTime FoundAt)
{
    public static ProposalView Of(Proposal one) => new(
        one.Id, one.Source, one.State, one.Fit, one.IsMasked, one.Content, one.LeadId, one.Note, one.FoundAt);
}
