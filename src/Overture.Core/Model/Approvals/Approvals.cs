using System.Security.Cryptography;
using System.Text;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>One message a person has seen, and what stood in it.</summary>
public sealed record SeenMessage(long Id, string Hash);

/// <summary>
/// What a person may do with messages that wait for approval. An approval is bound to the SHA-256 of what was
/// seen; a text that changed since is not approved. What was approved may be taken back for a moment.
/// </summary>
public sealed class Approvals(Database database, TimeProvider time)
{
    /// <summary>How long a message sent by hand may be taken back.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromSeconds(30);

    /// <summary>How long a draft waits; afterwards its facts may be stale and its contact is paused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(14);

    /// <summary>How many must be looked at before all that match are approved.</summary>
    public const int SampleSize = 5;

    const int MostAtOnce = 5_000;
    const int LongestReason = 500;

    /// <summary>The hash that an approval is bound to, in lower-case hexadecimal.</summary>
    public static string HashOf(string? toAddress, string subject, string body) =>
        Convert.ToHexStringLower(Digest(toAddress, subject, body));

    public Task Approve(long workspaceId, SeenMessage seen, string by, CancellationToken cancel) =>
        Change(
            workspaceId, seen.Id,
            (session, draft, now) => ApproveSeen(session, draft, seen.Hash, by, now, cancel), cancel);

    /// <summary>Approves what the person has made of the text; the text that was seen is bound all the same.</summary>
    public Task Edit(
        long workspaceId, SeenMessage seen, string subject, string body, string by, CancellationToken cancel) =>
        Change(
            workspaceId, seen.Id,
            async (session, draft, now) =>
            {
                Compare(draft, seen.Hash);
                var line = string.Join(' ', subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                var text = body.ReplaceLineEndings("\n").Trim();
                if (line.Length == 0 || text.Length == 0)
                    throw new RuleBroken("text_missing", "A message needs a subject and a text.", "body");
                var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
                await ApprovalStore.Edit(session, draft.Id, line, text, words, cancel);
                var hash = Digest(draft.ToAddress, line, text);
                await ApprovalStore.Approve(session, draft.Id, hash, by, now, cancel);
            },
            cancel);

    /// <summary>
    /// Refuses one message. Its contact leaves the campaign, or goes on with the next step.
    /// </summary>
    public Task Reject(
        long workspaceId, long id, string reason, bool goOn, string by, CancellationToken cancel)
    {
        if (reason.Trim().Length is 0 or > LongestReason)
            throw new RuleBroken("reason_missing", "Say why, in a few words.", "reason");
        return Change(
            workspaceId, id,
            async (session, draft, now) =>
            {
                await MessageStore.SetState(
                    session, id, MessageState.Cancelled, $"Rejected: {reason.Trim()}", null, cancel);
                await ActivityStore.Append(
                    session, draft.LeadId, "rejected", by, $"Message rejected: {reason.Trim()}", now, cancel);
                if (goOn) await NextStep.Advance(session, draft.EnrollmentId, now, cancel, isTouched: false);
                else
                    await EnrollmentStore.Finish(
                        session, draft.EnrollmentId, FinishReason.Removed, now, cancel);
            },
            cancel);
    }

    /// <summary>
    /// Approves everything of a campaign, or of one of its steps, that was written when the sample was drawn.
    /// The sample must have been seen as it stands. Returns how many were approved.
    /// </summary>
    public Task<int> ApproveAll(
        long workspaceId, long campaignId, long? stepId, long upToId, IReadOnlyList<SeenMessage> sample,
        string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var drafts = await ApprovalStore.Matching(
                    session, campaignId, stepId, upToId, MostAtOnce, cancel);
                var hashes = drafts.ToDictionary(draft => draft.Id, draft => Hex(draft));
                var seen = sample.DistinctBy(one => one.Id)
                    .Count(one => hashes.TryGetValue(one.Id, out var hash) && hash == one.Hash);
                if (seen < Math.Min(SampleSize, drafts.Count))
                    throw new RuleBroken(
                        "sample_needed",
                        $"Look at {Math.Min(SampleSize, drafts.Count)} of them first; {seen} of what was "
                        + "shown still stand as they were.", "sample");
                foreach (var draft in drafts.Where(draft => draft.ExpiresAt is null || draft.ExpiresAt > now))
                    await ApprovalStore.Approve(
                        session, draft.Id, Convert.FromHexString(hashes[draft.Id]), by, now, cancel);
                await session.Announce("campaigns", campaignId, cancel);
                await session.Announce("approvals", campaignId, cancel);
                return drafts.Count;
            },
            cancel);

    /// <summary>Takes an approval back while the message has not been planned.</summary>
    public Task TakeBack(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var draft = await ApprovalStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("message", id);
                if (await ApprovalStore.TakeBack(session, id, cancel) == 0)
                    throw new RuleBroken(
                        "too_late",
                        $"It can be taken back for {UndoFor.TotalSeconds:0} seconds; that time is over.");
                await session.Announce("approvals", draft.CampaignId, cancel);
            },
            cancel);

    internal static byte[] Digest(string? toAddress, string subject, string body) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{toAddress}\n{subject}\n{body}"));

    static async Task ApproveSeen(
        Session session, Draft draft, string hash, string by, DateTime now, CancellationToken cancel)
    {
        Compare(draft, hash);
        await ApprovalStore.Approve(session, draft.Id, Convert.FromHexString(hash), by, now, cancel);
    }

    static void Compare(Draft draft, string hash)
    {
        if (!string.Equals(Hex(draft), hash, StringComparison.OrdinalIgnoreCase))
            throw new RuleBroken(
                "text_changed", "The text has changed since it was shown. Read it again.", "hash");
    }

    static string Hex(Draft draft) => HashOf(draft.ToAddress, draft.Subject, draft.Body);

    Task Change(
        long workspaceId, long id, Func<Session, Draft, DateTime, Task> work, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var seen = await MessageStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("message", id);
                // Locked in the order of a send: the enrollment before what hangs on it.
                var enrollment = await EnrollmentStore.Hold(session, seen.EnrollmentId, cancel);
                var draft = await ApprovalStore.Hold(session, id, cancel)
                    ?? throw RuleBroken.NotFound("message", id);
                if (draft.State != MessageState.Draft || enrollment?.State == EnrollmentState.Finished)
                    throw new RuleBroken("not_waiting", "This message does not wait for approval any more.");
                if (draft.ExpiresAt <= now)
                    throw new RuleBroken(
                        "draft_expired", "This draft is too old to be approved; it is written anew on resume.");
                await work(session, draft, now);
                await session.Announce("approvals", draft.CampaignId, cancel);
                await session.Announce("campaigns", draft.CampaignId, cancel);
            },
            cancel);
}
