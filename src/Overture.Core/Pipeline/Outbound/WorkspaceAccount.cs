using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>On whose account calls are made: one workspace's daily spending and its record of calls.</summary>
public sealed class WorkspaceAccount(Database database, long workspaceId, TimeProvider time)
    : IBudget, ICallLog
{
    public async ValueTask<bool> TryReserve(
        string provider, decimal cost, decimal? dailyCap, CancellationToken cancellation)
    {
        if (cost == 0) return true;
        return await database.InWorkspace(
            workspaceId,
            session => OutboundStore.Reserve(session, provider, Today(), cost, dailyCap, cancellation),
            cancellation) == 1;
    }

    public async ValueTask Settle(
        string provider, decimal reserved, decimal real, CancellationToken cancellation) =>
        await database.InWorkspace(
            workspaceId,
            session => OutboundStore.Settle(session, provider, Today(), reserved, real, cancellation),
            cancellation);

    public async ValueTask Record(CallRecord call, CancellationToken cancellation) =>
        await database.InWorkspace(
            workspaceId,
            session => OutboundStore.RecordCall(
                session,
                new ProviderCall
                {
                    // Every crawled host is a service of its own to the breakers, and one to the reader.
                    Provider = call.Provider.Split(':')[0], Operation = call.Operation,
                    StartedAt = call.StartedAt.UtcDateTime, DurationMs = (int)call.Duration.TotalMilliseconds,
                    Attempt = call.Attempt, HttpCode = call.HttpCode, Outcome = call.Outcome,
                    Cost = call.Cost, BodyBytes = call.BodyBytes,
                },
                cancellation),
            cancellation);

    DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
