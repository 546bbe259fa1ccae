using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Reads what the sending rules look at, all in one transaction.</summary>
static class SituationReader
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The mailbox's own situation: may anything at all leave from it now, and how much?</summary>
    public static async Task<SendingSituation> OfMailbox(
        Session session, Workspace workspace, Mailbox mailbox, DateTime now, CancellationToken cancel)
    {
        var (day, week) = mailbox.Window.CountingStarts(now);
        var sent = await MailboxStore.CountSends(session, mailbox.Id, now - Minute, day, week, cancel);
        return new SendingSituation
        {
            Workspace = workspace, Mailbox = mailbox, Now = now, SentThisMinute = sent.Minute,
            SentToday = sent.Day, SentThisWeek = sent.Week,
        };
    }

    /// <summary>
    /// The situation of one intent, with every row that could change it held until the transaction ends: a
    /// stop, an unsubscribe, a reply or the last place under a limit is either seen here or comes after the
    /// commit.
    /// </summary>
    public static async Task<SendingSituation> Hold(
        Session session, SendIntent intent, string toAddress, DateTime now, CancellationToken cancel)
    {
        var workspace = await WorkspaceStore.Hold(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var enrollment = await EnrollmentStore.Hold(session, intent.EnrollmentId, cancel)
            ?? throw RuleBroken.NotFound("enrollment", intent.EnrollmentId);
        var campaign = await CampaignStore.HoldShared(session, enrollment.CampaignId, cancel);
        var mailbox = await MailboxStore.Hold(session, intent.MailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", intent.MailboxId);
        var situation = await OfMailbox(session, workspace, mailbox, now, cancel);
        return situation with
        {
            Campaign = campaign, Enrollment = enrollment,
            Suppression = await SuppressionStore.Matching(session, toAddress, cancel),
        };
    }
}
