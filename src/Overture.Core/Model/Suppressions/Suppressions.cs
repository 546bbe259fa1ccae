using Overture.Core.Data;
using Overture.Mail;

namespace Overture.Core.Model;

/// <summary>The list of those who are never contacted again.</summary>
public sealed class Suppressions(Database database, TimeProvider time)
{
    /// <summary>
    /// Adds an address, or a domain written as `example.com` or `@example.com`. Adding twice changes nothing.
    /// </summary>
    public Task Add(
        long workspaceId, string addressOrDomain, string reason, string? note, string by,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => AddTo(
                session, Checked(addressOrDomain), reason, note, by, time.GetUtcNow().UtcDateTime, cancel),
            cancel);

    public Task<IReadOnlyList<Suppression>> List(
        long workspaceId, string? search, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => SuppressionStore.List(
                session, SearchPattern.Contains(search?.ToLowerInvariant()), beforeId,
                Math.Clamp(limit, 1, PageSize.MostRows), cancel),
            cancel);

    /// <summary>
    /// Why this address is never contacted: its own suppression, that of a domain above it, or that of an
    /// erased person. Null when nothing forbids it.
    /// </summary>
    public Task<string?> ReasonFor(long workspaceId, string email, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => SuppressionStore.Matching(session, email, cancel), cancel);

    /// <summary>
    /// Takes back what a person typed in. What somebody asked for, and what a server answered, stays; so do
    /// the sequences that ended by it.
    /// </summary>
    public Task<Suppression> Remove(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var found = await SuppressionStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("suppression", id);
                if (found.Reason != "manual")
                    throw new RuleBroken(
                        "suppression_stays",
                        "Only what was typed in can be taken off the list; this one comes from the person "
                        + "or from a mail server.");
                await SuppressionStore.Delete(session, id, cancel);
                await session.Announce("suppressions", 0, cancel);
                return found;
            },
            cancel);

    /// <summary>Adds inside a caller's transaction, and stops every enrollment that it forbids.</summary>
    internal static async Task AddTo(
        Session session, string addressOrDomain, string reason, string? note, string by, DateTime now,
        CancellationToken cancel)
    {
        var value = ContactKey.Lower(addressOrDomain.Trim());
        var isDomain = value.StartsWith('@') || !value.Contains('@', StringComparison.Ordinal);
        if (isDomain) value = value.TrimStart('@');
        await SuppressionStore.Insert(
            session, isDomain ? "domain" : "address", value, reason, note, by, now, cancel);
        await EnrollmentStore.FinishSuppressed(
            session, isDomain ? null : value, isDomain ? value : null,
            reason switch
            {
                "unsubscribe" => "unsubscribed",
                "hard_bounce" or "soft_bounces" => "bounced",
                "complaint" => "complained",
                _ => "suppressed",
            },
            now, cancel);
        await session.Announce("suppressions", 0, cancel);
    }

    static string Checked(string addressOrDomain)
    {
        var value = addressOrDomain.Trim();
        var isAddress = !value.StartsWith('@') && value.Contains('@', StringComparison.Ordinal);
        var isGood = isAddress
            ? EmailAddress.TryParse(value, out _, out _)
            : value.TrimStart('@') is { } domain && !domain.Any(char.IsWhiteSpace)
                && domain.Trim('.').Contains('.', StringComparison.Ordinal);
        return isGood
            ? value
            : throw new RuleBroken(
                "bad_suppression",
                $"'{addressOrDomain}' is neither an address nor a domain, such as ann@example.com or "
                + "example.com.", "value");
    }
}
