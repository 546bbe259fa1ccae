using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a modelled recipient's answer moves: the same rows as a real one's.</summary>
static class SimulatedReactions
{
    /// <summary>As long as somebody is waited for who does not say when they are back.</summary>
    static readonly TimeSpan Absence = TimeSpan.FromDays(7);

    public static async Task Apply(
        Session session, SimulationStore.Sent to, Reaction reaction, DateTime now, CancellationToken cancel)
    {
        await EventStore.Append(
            session,
            reaction switch
            {
                Reaction.Bounce => "bounced",
                Reaction.OutOfOffice => "auto_replied",
                Reaction.Unsubscribe => "unsubscribed",
                _ => "replied",
            },
            to.CampaignId, to.EnrollmentId, to.MessageId, to.ContactId, null, now, cancel);
        switch (reaction)
        {
            case Reaction.Bounce:
                await EnrollmentStore.Finish(session, to.EnrollmentId, FinishReason.Bounced, now, cancel);
                await Suppressions.AddTo(session, to.To, "hard_bounce", null, "simulation", now, cancel);
                break;
            case Reaction.Unsubscribe:
                await Suppressions.AddTo(session, to.To, "unsubscribe", null, "simulation", now, cancel);
                break;
            case Reaction.OutOfOffice:
                await HoldStore.Extend(
                    session, to.EnrollmentId, now + Absence, null, null, now, cancel);
                break;
            default:
                await EnrollmentStore.Finish(session, to.EnrollmentId, FinishReason.Replied, now, cancel);
                break;
        }
    }
}
