using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail.Dns;

namespace Overture.Core.Pipeline;

/// <summary>Looks up what receivers demand of the domains we send from, and keeps what was seen.</summary>
public sealed class CheckDomains(Database database, IDnsSource dns, TimeProvider time)
{
    const int BatchSize = 20;
    static readonly TimeSpan LookAgain = TimeSpan.FromHours(24);
    static readonly TimeSpan LookAgainWhileFailing = TimeSpan.FromHours(1);

    public Task<IReadOnlyList<SenderDomain>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => SenderDomainStore.List(session, cancel), cancel);

    /// <summary>One batch of those that are due; returns how many were looked at.</summary>
    public async Task<int> RunBatch(CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due = await database.InInstance(
            session => SenderDomainStore.Due(
                session, now - LookAgain, now - LookAgainWhileFailing, BatchSize, cancel),
            cancel);
        foreach (var (workspace, domain) in due) await Look(workspace, domain, cancel);
        return due.Count;
    }

    /// <summary>Looks at one of the workspace's own domains now.</summary>
    public async Task<SenderDomain> Look(long workspaceId, string domain, CancellationToken cancel)
    {
        var name = domain.Trim().ToLowerInvariant();
        var known = (await List(workspaceId, cancel)).FirstOrDefault(one => one.Domain == name)
            ?? throw RuleBroken.NotFound("sending domain", name);
        var findings = await SenderDomainCheck.Check(name, new SenderSetup(), dns, cancel);
        var now = time.GetUtcNow().UtcDateTime;
        var seen = new SenderDomain(
            name, now, findings, SenderDomain.FailsSince(findings, known.FailingSince, now));
        await database.InWorkspace(
            workspaceId,
            async session =>
            {
                await SenderDomainStore.Put(session, seen, cancel);
                await session.Announce("mailboxes", 0, cancel);
            },
            cancel);
        return seen;
    }
}
