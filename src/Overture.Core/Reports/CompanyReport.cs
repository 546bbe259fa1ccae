using Overture.Core.Data;

namespace Overture.Core.Reports;

/// <summary>Read-only SQL for the company pages.</summary>
public sealed class CompanyReport(Database database)
{
    /// <summary>How many leads each of these companies has; one without leads is absent.</summary>
    public Task<IReadOnlyDictionary<long, long>> LeadCounts(
        long workspaceId, IReadOnlyList<long> companyIds, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var counts = await session.List<(long CompanyId, long Count)>(
                    """
                    select company_id, count(*) from leads
                    where workspace_id = @WorkspaceId and company_id = any(@companyIds) group by company_id
                    """,
                    new { session.WorkspaceId, companyIds = companyIds.ToArray() }, cancel);
                return (IReadOnlyDictionary<long, long>)counts.ToDictionary(
                    row => row.CompanyId, row => row.Count);
            },
            cancel);
}
