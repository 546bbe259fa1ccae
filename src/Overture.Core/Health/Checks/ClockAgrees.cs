using Npgsql;
using Overture.Core.Data;

namespace Overture.Core.Health;

/// <summary>Leases and schedules compare this machine's clock with the database's.</summary>
public sealed class ClockAgrees(NpgsqlDataSource database, TimeProvider time) : IHealthCheck
{
    static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Dangerous = TimeSpan.FromSeconds(30);

    public string Name => "clock";

    public async Task<Finding> Look(CancellationToken cancel)
    {
        var before = time.GetUtcNow();
        var server = await SchemaStore.ServerTime(database, cancel);
        var after = time.GetUtcNow();
        var apart = (server - (before + ((after - before) / 2))).Duration();
        var detail = $"This machine and the database are {apart.TotalMilliseconds:0} ms apart.";
        const string remedy = "Run a time service (chrony, systemd-timesyncd) on both machines.";
        return apart <= Tolerated ? Finding.Passed(detail)
            : apart <= Dangerous ? Finding.Warn(detail, remedy)
            : Finding.Failed(detail, remedy);
    }
}
