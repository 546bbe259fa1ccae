using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over leads, except the filtered listing (<see cref="LeadListStore"/>).</summary>
static class LeadStore
{
    const string Columns =
        """
        id, contact_id, company_id, state, reject_reason, close_reason, source, source_detail, score,
        score_reasons::text as score_reasons, rank_mode, enriched_at, ranked_at, created_at, updated_at
        """;

    public static Task<Lead?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Lead>(
            $"select {Columns} from leads where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Rows<Lead> FindMany(Batch batch, long[] ids) =>
        batch.List<Lead>(
            $"select {Columns} from leads where workspace_id = @WorkspaceId and id = any(@ids)",
            new { batch.WorkspaceId, ids });

    /// <summary>Opens a lead on a contact; null when there is one already.</summary>
    public static Task<long?> Insert(
        Session session, long contactId, long? companyId, string source, string? detail, long? rawRecordId,
        DateTime now, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            insert into leads (workspace_id, contact_id, company_id, state, source, source_detail,
                raw_record_id,
                               created_at, updated_at)
            values (@WorkspaceId, @contactId, @companyId, 'new', @source, @detail, @rawRecordId, @now, @now)
            on conflict (workspace_id, contact_id) do nothing
            returning id
            """,
            new { session.WorkspaceId, contactId, companyId, source, detail, rawRecordId, now }, cancel);

    public static Task<long?> FindByContact(Session session, long contactId, CancellationToken cancel) =>
        session.Maybe<long?>(
            "select id from leads where workspace_id = @WorkspaceId and contact_id = @contactId",
            new { session.WorkspaceId, contactId }, cancel);

    /// <summary>
    /// Leads in one state, oldest first, locked against a second worker until the session ends.
    /// </summary>
    public static Task<IReadOnlyList<Lead>> TakeInState(
        Session session, LeadState state, int limit, CancellationToken cancel) =>
        session.List<Lead>(
            $"""
            select {Columns} from leads
            where workspace_id = @WorkspaceId and state = @state
            order by id limit @limit for update skip locked
            """,
            new { session.WorkspaceId, state = Word(state), limit }, cancel);

    public static Task<int> MarkEnriched(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update leads set state = 'enriched', enriched_at = @now, updated_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'new'
            """,
            new { session.WorkspaceId, id, now }, cancel);

    public static Task<int> SendBackToRanking(Session session, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update leads set state = 'enriched', updated_at = @now
            where workspace_id = @WorkspaceId and state = 'ranked'
            """,
            new { session.WorkspaceId, now }, cancel);

    /// <summary>Holds one lead until the session ends.</summary>
    public static Task<Lead?> Hold(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Lead>(
            $"select {Columns} from leads where workspace_id = @WorkspaceId and id = @id for update",
            new { session.WorkspaceId, id }, cancel);

    /// <summary>More is known of a lead now, so its place is found anew.</summary>
    public static Task<int> RankAgain(Session session, long id, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update leads set state = case when state = 'ranked' then 'enriched' else state end,
                enriched_at = @now, updated_at = @now
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, now }, cancel);

    public static Task<int> SetState(
        Session session, long id, LeadState state, string? reason, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update leads set state = @state, updated_at = @now,
                reject_reason = case when @state = 'rejected' then @reason end,
                close_reason = case when @state = 'closed' then @reason end
            where workspace_id = @WorkspaceId and id = @id
            """,
            new { session.WorkspaceId, id, state = Word(state), reason, now }, cancel);

    /// <summary>Removes leads nobody was written to, with their contacts; returns how many went.</summary>
    public static Task<int> DeleteUntouched(Session session, CancellationToken cancel) =>
        session.Run(
            """
            delete from contacts c using leads l
            where c.workspace_id = @WorkspaceId and l.workspace_id = c.workspace_id and l.contact_id = c.id
              and not exists (select from enrollments e
                  where e.workspace_id = c.workspace_id and e.contact_id = c.id)
            """,
            new { session.WorkspaceId }, cancel);

    public static async Task<IReadOnlyDictionary<string, long>> CountByState(
        Session session, CancellationToken cancel) =>
        (await session.List<(string State, long Count)>(
            "select state, count(*) from leads where workspace_id = @WorkspaceId group by state",
            new { session.WorkspaceId }, cancel)).ToDictionary(row => row.State, row => row.Count);

    internal static string Word(LeadState state) => state.ToString().ToLowerInvariant();
}
