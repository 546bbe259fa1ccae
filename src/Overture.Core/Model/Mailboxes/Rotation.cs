using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Which of a campaign's mailboxes writes to somebody. Who wrote first writes all, so that a person has one
/// sender and one thread; new people go to the mailbox with the most room.
/// </summary>
static class Rotation
{
    /// <summary>The enrollment's sender, chosen now when it has none yet.</summary>
    public static async Task<Mailbox> SenderOf(
        Session session, Enrollment enrollment, Mailbox own, DateTime now, CancellationToken cancel)
    {
        var state = await RotationStore.Find(session, enrollment.Id, cancel);
        if (state.MailboxId is { } kept)
            return kept == own.Id
                ? own
                : await MailboxStore.Find(session, kept, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", kept);
        var chosen = state.HasOthers ? await MostRoom(session, enrollment.CampaignId, own, now, cancel) : own;
        await RotationStore.Keep(session, enrollment.Id, chosen.Id, cancel);
        return chosen;
    }

    /// <summary>
    /// A mailbox that does not work takes nobody new while another works. Room is what the day allows less
    /// what left today and what is written already.
    /// </summary>
    static async Task<Mailbox> MostRoom(
        Session session, long campaignId, Mailbox own, DateTime now, CancellationToken cancel)
    {
        var choices = new List<(Mailbox Mailbox, bool Works, long Room)>();
        foreach (var id in (await RotationStore.Others(session, campaignId, cancel)).Append(own.Id)
            .Distinct())
        {
            var mailbox = id == own.Id ? own : await MailboxStore.Find(session, id, cancel);
            if (mailbox is null) continue;
            var (sent, waiting, first) = await RotationStore.Load(
                session, id, mailbox.Window.CountingStarts(now).Day, cancel);
            var allowed = mailbox.AllowanceOn(first is { } at ? mailbox.Window.DaysBetween(at, now) : 0);
            choices.Add((mailbox, mailbox.State is MailboxState.Connected or MailboxState.Untested,
                allowed - sent - waiting));
        }

        return choices.OrderByDescending(one => one.Works).ThenByDescending(one => one.Room)
            .ThenBy(one => one.Mailbox.Id).First().Mailbox;
    }
}
