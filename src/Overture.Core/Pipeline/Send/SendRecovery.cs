using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Settles what dead nodes left behind. A claim goes back to the queue. A submission to a server is
/// uncertain: its dot may have left. A captured submission is certain either way, because its bytes and its
/// outcome are one commit.
/// </summary>
public sealed class SendRecovery(Database database, TimeProvider time)
{
    const string Unknown = "The process sending it died before the answer was recorded.";

    public Task<int> Run(CancellationToken cancel) =>
        database.InInstance(
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var settled = await IntentStore.ReleaseOrphanClaims(session, now, cancel);
                foreach (var orphan in await IntentStore.OrphanSubmissions(session, now, cancel))
                {
                    await Settle(session.In(orphan.WorkspaceId), orphan, now, cancel);
                    settled++;
                }

                return settled;
            },
            cancel);

    static async Task Settle(
        Session session, (long WorkspaceId, long IntentId, long AttemptId, string Transport) orphan,
        DateTime now, CancellationToken cancel)
    {
        var isCertain = orphan.Transport == CaptureTransport.Name;
        await AttemptStore.Close(
            session, orphan.AttemptId, isCertain ? "deferred" : "uncertain", isCertain ? null : "dot", null,
            Unknown, now, cancel);
        var intent = await IntentStore.Hold(session, orphan.IntentId, cancel)
            ?? throw RuleBroken.NotFound("send intent", orphan.IntentId);
        var enrollment = await EnrollmentStore.Hold(session, intent.EnrollmentId, cancel);
        var hasEnded = enrollment?.State == EnrollmentState.Finished;
        var next = !isCertain ? IntentState.Uncertain : hasEnded
            ? IntentState.Cancelled : IntentState.Planned;
        await IntentStore.Decide(session, intent.Id, IntentState.Submitting, next, Unknown, now, cancel);
        if (isCertain)
            await MessageStore.SetState(
                session, intent.MessageId, hasEnded ? MessageState.Cancelled : MessageState.Scheduled, null,
                null, cancel);
        else
            await UncertainSend.Begin(
                session, await Letter.Of(session, intent, cancel), orphan.AttemptId, Unknown, now, cancel);
    }
}
