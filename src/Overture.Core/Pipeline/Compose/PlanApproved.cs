using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Plans what was approved once it can no longer be taken back, and lets go what nobody approved in time.
/// </summary>
public sealed class PlanApproved(Database database, TimeProvider time)
{
    const int BatchSize = 200;

    public Task<int> RunBatch(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var ripe = await ApprovalStore.Ripe(session, now - Approvals.UndoFor, BatchSize, cancel);
                foreach (var draft in ripe) await Plan(session, draft, now, cancel);
                var expired = await ApprovalStore.Expired(session, now, BatchSize, cancel);
                foreach (var draft in expired) await LetGo(session, draft, now, cancel);
                var moved = ripe.Count + expired.Count;
                if (moved > 0) await session.Announce("approvals", 0, cancel);
                return moved;
            },
            cancel);

    static async Task Plan(Session session, Draft draft, DateTime now, CancellationToken cancel)
    {
        // The approval names one text. Whatever else stands there by now goes back before a person's eyes.
        if (!Approvals.Digest(draft.ToAddress, draft.Subject, draft.Body).AsSpan()
            .SequenceEqual(draft.ApprovedHash))
        {
            await ApprovalStore.TakeBack(session, draft.Id, cancel);
            return;
        }

        await ApprovalStore.Schedule(session, draft.Id, cancel);
        await IntentStore.Plan(
            session, draft.EnrollmentId, draft.StepId, draft.Id, draft.MailboxId, now, cancel);
    }

    static async Task LetGo(Session session, Draft draft, DateTime now, CancellationToken cancel)
    {
        const string Why = "Nobody approved its message in time. Resume it to have the message written anew.";
        await ApprovalStore.Drop(session, draft.Id, cancel);
        await EnrollmentStore.Block(session, draft.EnrollmentId, Why, now, cancel);
        await EnrollmentStore.Pause(session, draft.EnrollmentId, Why, cancel);
        await ActivityStore.Append(
            session, draft.LeadId, "expired", "campaign", "A draft expired without approval", now, cancel);
    }
}
