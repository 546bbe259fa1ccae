using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Runs the phases themselves over a copy of the workspace on a clock that jumps from one due moment to the
/// next, and tells what would leave, when, and what would hold it up. Nothing of it is kept anywhere.
/// </summary>
public sealed class SimulateCampaign(
    Database database, SecretBox secrets, SendingIdentity identity, GmailClients gmail, TimeProvider time)
{
    /// <summary>A simulation that never comes to rest has found a fault; it must not run for ever.</summary>
    const int MostMoments = 200_000;

    public async Task<Simulation> Run(
        long workspaceId, long campaignId, SimulationPlan plan, CancellationToken cancel)
    {
        if (plan.Days is < 1 or > SimulationPlan.MostDays)
            throw new RuleBroken("bad_days", $"Simulate 1 to {SimulationPlan.MostDays} days.", "days");
        if (!plan.Recipients.IsPossible)
            throw new RuleBroken("bad_shares", "Shares are from 0 to 1, and together at most 1.", "replies");
        var from = plan.From ?? time.GetUtcNow().UtcDateTime;
        await using var shadow = await ShadowDatabase.Open(database, workspaceId, cancel);
        var clock = new VirtualTime(from);
        await using var services = Parts(shadow.Database, clock);
        var run = new SimulationRun(shadow.Database, services, clock, workspaceId, campaignId, plan);
        return await run.ToTheEnd(from.AddDays(plan.Days), MostMoments, cancel);
    }

    /// <summary>The house's own parts, over the copy and on the other clock.</summary>
    ServiceProvider Parts(Database copy, TimeProvider clock) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(copy).AddSingleton(clock).AddSingleton(secrets)
            .AddSingleton<Workspaces>().AddSingleton<Leads>().AddSingleton<Suppressions>()
            .AddSingleton<Mailboxes>().AddSingleton<CampaignSenders>().AddSingleton<Campaigns>()
            .AddSingleton<Rankings>().AddSingleton<Companies>()
            // Needed to put the parts together, and never asked: everything is captured.
            .AddSingleton(gmail)
            .AddPipeline(identity.PublicUrl)
            .BuildServiceProvider();
}
