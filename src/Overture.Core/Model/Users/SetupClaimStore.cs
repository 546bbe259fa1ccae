using Overture.Core.Data;

namespace Overture.Core.Model;

static class SetupClaimStore
{
    /// <summary>
    /// Holds off every other claim until this transaction ends, so that one owner is made, not two.
    /// </summary>
    public static Task Lock(Session session, CancellationToken cancel) =>
        session.Run("lock table setup_claims in exclusive mode", null, cancel);

    public static Task Replace(
        Session session, byte[] tokenHash, DateTimeOffset now, DateTimeOffset expiresAt,
            CancellationToken cancel) =>
        session.Run(
            """
            with retired as (delete from setup_claims where used_at is null)
            insert into setup_claims (token_hash, created_at, expires_at)
            values (@tokenHash, @now, @expiresAt)
            """,
            new { tokenHash, now, expiresAt },
            cancel);

    public static Task<bool> IsOpen(
        Session session, byte[] tokenHash, DateTimeOffset now, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (
                select from setup_claims
                where token_hash = @tokenHash and used_at is null and expires_at > @now)
            """,
            new { tokenHash, now },
            cancel);

    /// <summary>Uses the claim up; the number of rows says whether it was still open.</summary>
    public static Task<int> Use(
        Session session, byte[] tokenHash, DateTimeOffset now, CancellationToken cancel) =>
        session.Run(
            """
            update setup_claims set used_at = @now
            where token_hash = @tokenHash and used_at is null and expires_at > @now
            """,
            new { tokenHash, now },
            cancel);
}
