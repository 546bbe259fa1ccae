using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What ranking found out about one lead, as it is kept with it.</summary>
public sealed record RankedRow(long LeadId, decimal? Score, string Mode, double Order, string Reasons);

/// <summary>All SQL that writes what ranking found out, a batch at a time.</summary>
static class RankedLeadStore
{
    public static Task<int> Mark(
        Session session, IReadOnlyList<RankedRow> rows, long? modelId, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update leads l set state = case when l.state = 'enriched' then 'ranked' else l.state end,
                score = r.score, score_reasons = r.reasons::jsonb, rank_mode = r.mode,
                rank_order = r.rank_order, ranked_at = @now, updated_at = @now,
                ranked_by = case when r.mode = 'learned' then @modelId::bigint end
            from unnest(@leads, @scores, @modes, @orders, @reasons)
                as r (lead, score, mode, rank_order, reasons)
            where l.workspace_id = @WorkspaceId and l.id = r.lead
                and l.state in ('enriched', 'ranked', 'accepted', 'enrolled')
            """,
            new
            {
                session.WorkspaceId, modelId, now,
                leads = rows.Select(row => row.LeadId).ToArray(),
                scores = rows.Select(row => row.Score).ToArray(),
                modes = rows.Select(row => row.Mode).ToArray(),
                orders = rows.Select(row => row.Order).ToArray(),
                reasons = rows.Select(row => row.Reasons).ToArray(),
            },
            cancel);

    /// <summary>Lines in the leads' logs.</summary>
    public static Task<int> Log(
        Session session, IReadOnlyList<(long Lead, string Summary)> lines, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            insert into activity (workspace_id, lead_id, kind, actor, summary, occurred_at)
            select @WorkspaceId, r.lead, 'ranked', 'ranking', r.summary, @now
            from unnest(@leads, @summaries) as r (lead, summary)
            """,
            new
            {
                session.WorkspaceId, now, leads = lines.Select(line => line.Lead).ToArray(),
                summaries = lines.Select(line => line.Summary).ToArray(),
            },
            cancel);
}
