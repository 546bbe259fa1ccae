using System.Text.Json;
using Dapper;

namespace Overture.Core.Data;

/// <summary>
/// Asks the planner how many rows it expects: an estimate that costs less than a millisecond.
/// </summary>
static class Plans
{
    public static async Task<long> Expected(
        this Session session, string query, DynamicParameters values, CancellationToken cancel)
    {
        var plan = await session.One<string>($"explain (format json) {query}", values, cancel);
        using var parsed = JsonDocument.Parse(plan);
        return parsed.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetInt64();
    }

    /// <summary>An estimate claims no more than three digits.</summary>
    public static long Rounded(long count)
    {
        var unit = 1L;
        while (count / unit >= 1_000) unit *= 10;
        return count / unit * unit;
    }
}
