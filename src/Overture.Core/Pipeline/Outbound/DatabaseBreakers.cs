using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>The breakers of all nodes: what one of them finds broken, none of them calls.</summary>
public sealed class DatabaseBreakers(Database database) : IBreakers
{
    const int LongestRestFactor = 16;

    public async ValueTask<TimeSpan?> Refusal(ProviderProfile profile, CancellationToken cancellation) =>
        IsUnguarded(profile)
            ? null
            : await database.InInstance(
                session => OutboundStore.Refusal(session, profile.Name, profile.BreakerRest, cancellation),
                cancellation);

    public async ValueTask Succeeded(ProviderProfile profile, CancellationToken cancellation)
    {
        if (IsUnguarded(profile)) return;
        await database.InInstance(
            session => OutboundStore.Close(session, profile.Name, cancellation), cancellation);
    }

    public async ValueTask Failed(ProviderProfile profile, CancellationToken cancellation)
    {
        if (IsUnguarded(profile)) return;
        await database.InInstance(
            session => OutboundStore.Fail(
                session, profile.Name, profile.BreakerThreshold, profile.BreakerRest, LongestRestFactor,
                cancellation),
            cancellation);
    }

    // Told also while the node stops, so it does not listen to the cancellation that made it so.
    public async ValueTask Abandoned(ProviderProfile profile)
    {
        if (IsUnguarded(profile)) return;
        await database.InInstance(
            session => OutboundStore.EndProbe(session, profile.Name, CancellationToken.None),
            CancellationToken.None);
    }

    static bool IsUnguarded(ProviderProfile profile) => profile.BreakerThreshold == int.MaxValue;
}
