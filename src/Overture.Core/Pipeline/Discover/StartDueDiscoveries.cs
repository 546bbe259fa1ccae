using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Queues the discoveries whose day has come, and sweeps what the calls of long ago left behind.</summary>
public sealed class StartDueDiscoveries(Database database, JobQueue jobs, TimeProvider time)
{
    static readonly TimeSpan KeepCalls = TimeSpan.FromDays(90);
    static readonly TimeSpan KeepLanes = TimeSpan.FromDays(2);

    public Task<int> Run(CancellationToken cancel) => database.InInstance(
        async session =>
        {
            var due = await DiscoveryStore.TakeDue(session, time.GetUtcNow().UtcDateTime, cancel);
            foreach (var (workspaceId, id) in due)
                await jobs.Enqueue(
                    session.In(workspaceId), DiscoverLeads.Name, new DiscoverLeads.Args(id), "schedule", cancel,
                    UniqueKey(id));
            return due.Count;
        },
        cancel);

    public Task<int> Sweep(CancellationToken cancel) => database.InInstance(
        session => OutboundStore.Sweep(session, time.GetUtcNow().UtcDateTime, KeepCalls, KeepLanes, cancel), cancel);

    /// <summary>One search of a discovery at a time.</summary>
    public static string UniqueKey(long id) => $"discover:{id}";
}
