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
    /// The situations of letters of one workspace, with every row that could change them held until the
    /// transaction ends: a stop, an unsubscribe, a reply or the last place under a limit is either seen here or
    /// comes after the commit. The enrollments are held by the caller.
    /// </summary>
    public static async Task<IReadOnlyList<SendingSituation>> Hold(
        Session session, IReadOnlyList<Letter> letters, IReadOnlyList<Enrollment> enrollments, DateTime now,
        CancellationToken cancel)
    {
        var workspace = await WorkspaceStore.Hold(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var held = enrollments.ToDictionary(one => one.Id);
        var campaigns = (await CampaignStore.HoldShared(
            session, [.. enrollments.Select(one => one.CampaignId).Distinct()], cancel))
            .ToDictionary(one => one.Id);
        var mailboxes = new Dictionary<long, SendingSituation>();
        foreach (var mailbox in await MailboxStore.HoldMany(
            session, [.. letters.Select(letter => letter.Mailbox.Id).Distinct()], cancel))
            mailboxes[mailbox.Id] = await OfMailbox(session, workspace, mailbox, now, cancel);
        var suppressed = await SuppressionStore.Matching(
            session, [.. letters.Select(letter => letter.To)], cancel);
        return [.. letters.Select(letter => mailboxes[letter.Mailbox.Id] with
        {
            Campaign = campaigns[held[letter.Intent.EnrollmentId].CampaignId],
            Enrollment = held[letter.Intent.EnrollmentId], Suppression = suppressed.GetValueOrDefault(letter.To),
        })];
    }
}
