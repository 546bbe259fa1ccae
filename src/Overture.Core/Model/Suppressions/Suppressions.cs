using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>The list of those who are never contacted again.</summary>
public sealed class Suppressions(Database database, TimeProvider time)
{
    const int MaxPageSize = 100;

    /// <summary>
    /// Adds an address, or a domain written as `example.com` or `@example.com`. Adding twice changes nothing.
    /// </summary>
    public Task Add(
        long workspaceId, string addressOrDomain, string reason, string? note, string by,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session =>
            AddTo(session, addressOrDomain, reason, note, by, time.GetUtcNow().UtcDateTime, cancel), cancel);

    public Task<IReadOnlyList<Suppression>> List(
        long workspaceId, string? search, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => SuppressionStore.List(
                session, SearchPattern.Contains(search?.ToLowerInvariant()), beforeId,
                Math.Clamp(limit, 1, MaxPageSize), cancel),
            cancel);

    /// <summary>Adds inside a caller's transaction, and stops every enrollment that it forbids.</summary>
    internal static async Task AddTo(
        Session session, string addressOrDomain, string reason, string? note, string by, DateTime now,
        CancellationToken cancel)
    {
        var value = addressOrDomain.Trim().ToLowerInvariant();
        var isDomain = value.StartsWith('@') || !value.Contains('@', StringComparison.Ordinal);
        if (isDomain) value = value.TrimStart('@');
        if (value.Length == 0 || !value.Contains('.', StringComparison.Ordinal)
            || value.Any(char.IsWhiteSpace))
            throw new RuleBroken(
                "bad_suppression",
                $"'{addressOrDomain}' is neither an address nor a domain, such as ann@example.com or "
                + "example.com.", "value");
        await SuppressionStore.Insert(
            session, isDomain ? "domain" : "address", value, reason, note, by, now, cancel);
        await EnrollmentStore.FinishSuppressed(
            session, isDomain ? null : value, isDomain ? value : null,
            reason == "unsubscribe" ? "unsubscribed" : reason == "hard_bounce" ? "bounced" : "suppressed",
            now, cancel);
        await session.Announce("suppressions", 0, cancel);
    }
}
