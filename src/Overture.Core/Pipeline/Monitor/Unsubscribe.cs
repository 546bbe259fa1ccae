using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What the link in a message does. Only a POST acts; looking at the page changes nothing.</summary>
public sealed class Unsubscribe(Database database, TimeProvider time)
{
    /// <summary>
    /// Ends all contact with the person the link was made for. True when the link is ours; pressing it again
    /// is the same. An unknown link does nothing and says nothing about whom it might belong to.
    /// </summary>
    public Task<bool> Run(string token, CancellationToken cancel) =>
        database.InInstance(
            async session =>
            {
                var hash = MessageIdentity.HashOf(token);
                if (await MessageStore.FindByUnsubscribe(session, hash, cancel) is not { } link) return false;
                if (link.Email is null) return true;
                var inWorkspace = session.In(link.WorkspaceId);
                var isNew = await SuppressionStore.Matching(inWorkspace, link.Email, cancel) is null;
                var now = time.GetUtcNow().UtcDateTime;
                await Suppressions.AddTo(
                    inWorkspace, link.Email, "unsubscribe", null, "recipient", now, cancel);
                if (isNew)
                    await Record(inWorkspace, link.MessageId, link.EnrollmentId, link.ContactId, now, cancel);
                return true;
            },
            cancel);

    static async Task Record(
        Session session, long messageId, long enrollmentId, long contactId, DateTime now,
        CancellationToken cancel)
    {
        var enrollment = await EnrollmentStore.Hold(session, enrollmentId, cancel);
        await EventStore.Append(
            session, "unsubscribed", enrollment?.CampaignId, enrollmentId, messageId, contactId, null, now,
            cancel);
        if (await LeadStore.FindByContact(session, contactId, cancel) is { } leadId)
        {
            await ActivityStore.Append(
                session, leadId, "unsubscribed", "recipient", "Unsubscribed by the link in a message", now,
                cancel);
            await LeadStore.SetState(session, leadId, LeadState.Closed, "unsubscribed", now, cancel);
        }

        await session.Announce("campaigns", enrollment?.CampaignId ?? 0, cancel);
    }
}
