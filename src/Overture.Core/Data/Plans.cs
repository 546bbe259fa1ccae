using System.Text.Json;
using Dapper;

namespace Overture.Core.Data;

/// <summary>
/// Asks the planner how many rows it expects: an estimate that costs less than a millisecond.
/// </summary>
static class Plans
{
    const string Explain = "explain (format json) ";

    public static async Task<long> Expected(
        this Session session, string query, DynamicParameters values, CancellationToken cancel) =>
        Rows(await session.One<string>(Explain + query, values, cancel));

    /// <summary>The same as part of a batch.</summary>
    public static ExpectedRows Expected(this Batch batch, string query, object values) =>
        new(batch.List<string>(Explain + query, values));

    public static long Rows(string plan)
    {
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

/// <summary>What the planner expects, once the batch was sent.</summary>
sealed class ExpectedRows(Rows<string> plan)
{
    public long Rows => Plans.Rows(plan.Only!);
}
