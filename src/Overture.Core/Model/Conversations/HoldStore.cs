using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over holds: what is planned for an absent person, and until when it waits.</summary>
static class HoldStore
{
    /// <summary>
    /// Moves everything planned for an enrollment behind the hold, by as much as the hold grows; what was due
    /// in three days is due three days after it. False when a person lifted a hold here before, or when it
    /// waits that long already. What a person paused stays paused.
    /// </summary>
    public static async Task<bool> Extend(
        Session session, long enrollmentId, DateTime until, DateOnly? returnOn, long? receivedId, DateTime now,
        CancellationToken cancel)
    {
        var from = await session.Maybe<DateTime?>(
            """
            with before as (
                select greatest(held_until, @now) as held_from from enrollment_holds
                where workspace_id = @WorkspaceId and enrollment_id = @enrollmentId for update),
            kept as (
                insert into enrollment_holds (workspace_id, enrollment_id, held_until, return_on, received_id,
                    held_at)
                values (@WorkspaceId, @enrollmentId, @until, @returnOn, @receivedId, @now)
                on conflict (workspace_id, enrollment_id) do update
                    set held_until = excluded.held_until, return_on = excluded.return_on,
                        received_id = excluded.received_id, held_at = excluded.held_at
                    where enrollment_holds.lifted_at is null
                        and enrollment_holds.held_until < excluded.held_until
                returning 1)
            select coalesce((select held_from from before), @now) from kept
            """,
            new { session.WorkspaceId, enrollmentId, until, returnOn, receivedId, now }, cancel);
        if (from is not { } start) return false;
        await session.Run(
            """
            update enrollments set due_at = greatest(due_at, @start) + (@until::timestamptz - @start)
            where workspace_id = @WorkspaceId and id = @enrollmentId and state <> 'finished'
              and due_at is not null
            """,
            new { session.WorkspaceId, enrollmentId, start, until }, cancel);
        await session.Run(
            """
            update send_intents set due_at = greatest(due_at, @start) + (@until::timestamptz - @start),
                reason = 'Out of office', updated_at = @now
            where workspace_id = @WorkspaceId and enrollment_id = @enrollmentId and state = 'planned'
            """,
            new { session.WorkspaceId, enrollmentId, start, until, now }, cancel);
        return true;
    }

    /// <summary>
    /// A person lifts the hold: what waited is due now, and no automatic hold binds this enrollment again.
    /// </summary>
    public static async Task<bool> Lift(
        Session session, long enrollmentId, string by, DateTime now, CancellationToken cancel)
    {
        if (await session.Run(
            """
            update enrollment_holds set lifted_at = @now, lifted_by = @by
            where workspace_id = @WorkspaceId and enrollment_id = @enrollmentId and lifted_at is null
            """,
            new { session.WorkspaceId, enrollmentId, by, now }, cancel) == 0)
            return false;
        await session.Run(
            """
            update enrollments set due_at = @now
            where workspace_id = @WorkspaceId and id = @enrollmentId and state = 'active'
              and due_at is not null
            """,
            new { session.WorkspaceId, enrollmentId, now }, cancel);
        await session.Run(
            """
            update send_intents set due_at = @now, reason = null, updated_at = @now
            where workspace_id = @WorkspaceId and enrollment_id = @enrollmentId and state = 'planned'
            """,
            new { session.WorkspaceId, enrollmentId, now }, cancel);
        return true;
    }
}
