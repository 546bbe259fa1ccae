using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the one row that tells this instance from its copies.</summary>
static class InstanceStore
{
    const string Columns =
        """
        system_identifier, epoch, alive_at, quarantined_at, quarantine_reason, released_at, released_by,
        unrecorded_since, unrecorded_reason
        """;

    public static Task<string> SystemIdentifier(Session session, CancellationToken cancel) =>
        session.One<string>("select system_identifier::text from pg_control_system()", null, cancel);

    public static Task<InstanceRow?> Find(Session session, CancellationToken cancel) =>
        session.Maybe<InstanceRow>($"select {Columns} from instance", null, cancel);

    public static Task<InstanceRow?> Hold(Session session, CancellationToken cancel) =>
        session.Maybe<InstanceRow>($"select {Columns} from instance for update", null, cancel);

    public static Task<int> Insert(
        Session session, string systemIdentifier, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into instance (system_identifier, alive_at) values (@systemIdentifier, @now)
            on conflict do nothing
            """,
            new { systemIdentifier, now }, cancel);

    public static Task<int> SetAlive(Session session, DateTime now, CancellationToken cancel) =>
        session.Run("update instance set alive_at = @now", new { now }, cancel);

    /// <summary>Keeps since when; another reason takes the place of the one before.</summary>
    public static Task<int> SetUnrecorded(
        Session session, string reason, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update instance set unrecorded_since = coalesce(unrecorded_since, @now),
                unrecorded_reason = @reason
            """,
            new { reason, now }, cancel);

    public static Task<int> SetRecorded(Session session, CancellationToken cancel) =>
        session.Run(
            """
            update instance set unrecorded_since = null, unrecorded_reason = null
            where unrecorded_since is not null
            """,
            null, cancel);

    public static Task<int> Quarantine(
        Session session, string reason, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update instance set quarantined_at = @now, quarantine_reason = @reason
            where quarantined_at is null
            """,
            new { reason, now }, cancel);

    /// <summary>
    /// A new epoch begins: whatever an older life of this database had under way is not its own.
    /// </summary>
    public static Task<int> Release(
        Session session, string systemIdentifier, string by, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update instance set system_identifier = @systemIdentifier, epoch = epoch + 1, alive_at = @now,
                quarantined_at = null, quarantine_reason = null, released_at = @now, released_by = @by
            where quarantined_at is not null
            """,
            new { systemIdentifier, by, now }, cancel);
}
