using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL that makes one record of two.</summary>
static class MergeStore
{
    /// <summary>Of two facts of one provider about one field, the newer one is kept.</summary>
    public static Task<int> DropOlderFacts(
        Session session, DuplicateKind kind, long kept, long gone, CancellationToken cancel)
    {
        var column = kind == DuplicateKind.Contact ? "contact_id" : "company_id";
        return session.Run(
            $"""
            delete from facts f using facts other
            where f.workspace_id = @WorkspaceId and other.workspace_id = @WorkspaceId
              and f.field = other.field and f.provider = other.provider
              and ((f.{column} = @kept and other.{column} = @gone and f.observed_at < other.observed_at)
                or (f.{column} = @gone and other.{column} = @kept and f.observed_at <= other.observed_at))
            """,
            new { session.WorkspaceId, kept, gone }, cancel);
    }

    /// <summary>What only one lead can have: memberships, and what is worked out anew anyway.</summary>
    public static Task<int> DropShared(Session session, long kept, long gone, CancellationToken cancel) =>
        session.Run(
            """
            with lists as (
                delete from list_members m using list_members other
                where m.workspace_id = @WorkspaceId and other.workspace_id = @WorkspaceId
                  and m.list_id = other.list_id and m.lead_id = @gone and other.lead_id = @kept),
            gaps as (
                delete from enrichment_gaps where workspace_id = @WorkspaceId and lead_id = @gone)
            delete from training_examples where workspace_id = @WorkspaceId and lead_id = @gone
            """,
            new { session.WorkspaceId, kept, gone }, cancel);

    /// <summary>The lead that stays is as far as the further one of the two.</summary>
    public static Task<int> TakeState(
        Session session, long kept, long gone, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            with way (state, place) as (values ('new', 1), ('enriched', 2), ('ranked', 3), ('accepted', 4),
                ('rejected', 5), ('enrolled', 6), ('closed', 7))
            update leads l set state = other.state, reject_reason = other.reject_reason,
                close_reason = other.close_reason, enriched_at = coalesce(l.enriched_at, other.enriched_at),
                ranked_at = coalesce(l.ranked_at, other.ranked_at), score = coalesce(l.score, other.score),
                score_reasons = coalesce(l.score_reasons, other.score_reasons),
                rank_mode = coalesce(l.rank_mode, other.rank_mode),
                rank_order = coalesce(l.rank_order, other.rank_order), updated_at = @now
            from leads other, way mine, way theirs
            where l.workspace_id = @WorkspaceId and l.id = @kept
              and other.workspace_id = @WorkspaceId and other.id = @gone
              and mine.state = l.state and theirs.state = other.state and theirs.place > mine.place
            """,
            new { session.WorkspaceId, kept, gone, now }, cancel);

    /// <summary>
    /// Who asked under one address not to be written to is not written to under the other one either.
    /// </summary>
    public static Task<int> ShareSuppression(
        Session session, string[] addresses, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into suppressions (workspace_id, kind, value, reason, note, created_by, created_at)
            select @WorkspaceId, 'address', address, s.reason, 'The same person as ' || s.value, @by, @now
            from unnest(@addresses) address
            join suppressions s on s.workspace_id = @WorkspaceId and s.kind = 'address'
                and s.value = any(@addresses) and s.value <> address
            on conflict do nothing
            """,
            new { session.WorkspaceId, addresses, by, now }, cancel);

    /// <summary>Other questions about the one that goes are asked about the one that stays.</summary>
    public static async Task MoveQuestions(
        Session session, DuplicateKind kind, long kept, long gone, CancellationToken cancel)
    {
        var values = new { session.WorkspaceId, kind = DuplicateStore.Word(kind), kept, gone };
        await session.Run(
            """
            insert into possible_duplicates (workspace_id, kind, first_id, second_id, reason, state,
                created_at)
            select workspace_id, kind, least(other, @kept), greatest(other, @kept), reason, 'open', created_at
            from (select *, case when first_id = @gone then second_id else first_id end as other
                  from possible_duplicates where workspace_id = @WorkspaceId and kind = @kind
                    and state = 'open' and @gone in (first_id, second_id)) asked
            where other <> @kept
            on conflict do nothing
            """,
            values, cancel);
        await session.Run(
            """
            delete from possible_duplicates where workspace_id = @WorkspaceId and kind = @kind
              and state = 'open' and @gone in (first_id, second_id) and @kept not in (first_id, second_id)
            """,
            values, cancel);
    }

    public static Task Repoint(
        Session session, string table, long kept, long gone, CancellationToken cancel) =>
        session.Run(
            "select repoint_references(@table::regclass, @WorkspaceId, @kept, @gone)",
            new { session.WorkspaceId, table, kept, gone }, cancel);

    public static Task<int> DeleteLead(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from leads where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> DeleteContact(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from contacts where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Task<int> DeleteCompany(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from companies where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);
}
