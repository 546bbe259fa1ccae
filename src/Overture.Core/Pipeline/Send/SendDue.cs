using Microsoft.Extensions.Logging;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The Send phase: for every mailbox with something due, claims what its limits allow and sends it.
/// </summary>
public sealed class SendDue(Database database, SendMessage send, TimeProvider time, ILogger<SendDue> log)
{
    const int ClaimSize = 40;
    const int InFlightPerMailbox = 8;

    /// <summary>
    /// Longer than the longest wait for an answer to the dot, so a claim never ends under a live sender.
    /// </summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    static readonly TimeSpan RestAfterFailure = TimeSpan.FromHours(1);

    /// <summary>Sends one batch in every workspace; returns how many intents were tried.</summary>
    public Task<int> RunBatch(int node, CancellationToken cancel) => RunBatch(node, null, cancel);

    /// <summary>Sends one batch in one workspace, or in all when none is named.</summary>
    public async Task<int> RunBatch(int node, long? workspaceId, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due =
            await database.InInstance(session => IntentStore.MailboxesDue(session, now, cancel), cancel);
        var tried = 0;
        foreach (var (workspace, mailbox) in due.Where(
            pair => workspaceId is null || pair.WorkspaceId == workspaceId))
            tried += await FromMailbox(workspace, mailbox, node, cancel);
        return tried;
    }

    async Task<int> FromMailbox(long workspaceId, long mailboxId, int node, CancellationToken cancel)
    {
        // The claim is committed before anything is done with its rows: uncommitted claims are nobody's.
        var claimed = await database.InWorkspace(
            workspaceId, session => Claim(session, mailboxId, node, cancel), cancel);
        try
        {
            await Parallel.ForEachAsync(
                claimed,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = InFlightPerMailbox, CancellationToken = cancel,
                },
                async (intent, stop) => await SendOne(intent, node, stop));
        }
        catch (OperationCanceledException)
        {
            foreach (var intent in claimed) await GiveBack(intent, null, TimeSpan.Zero);
            throw;
        }

        return claimed.Count;
    }

    /// <summary>
    /// A message that cannot even be built rests for a while, so that it does not hold up the others.
    /// </summary>
    async Task SendOne(SendIntent intent, int node, CancellationToken cancel)
    {
        try
        {
            await send.Run(intent, node, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "Sending intent {Id} failed.", intent.Id);
            await GiveBack(intent, failure.Message, RestAfterFailure);
        }
    }

    async Task<IReadOnlyList<SendIntent>> Claim(
        Session session, long mailboxId, int node, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var workspace = await WorkspaceStore.Find(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var mailbox = await MailboxStore.Find(session, mailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", mailboxId);
        var situation = await SituationReader.OfMailbox(session, workspace, mailbox, now, cancel);
        if (SendingRule.Against(situation).Count > 0) return [];
        return await IntentStore.ClaimDue(
            session, mailboxId, node, now, now + Lease, Math.Min(ClaimSize, situation.PlacesLeft), cancel);
    }

    /// <summary>Claims only: what was submitted may have left, and recovery settles it.</summary>
    Task GiveBack(SendIntent intent, string? reason, TimeSpan rest)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return database.InWorkspace(
            intent.WorkspaceId,
            session => IntentStore.GiveBack(session, intent, reason, now + rest, now, CancellationToken.None),
            CancellationToken.None);
    }
}
