using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Reads what the sending rules look at, all in one transaction.</summary>
static class SituationReader
{
    /// <summary>The mailbox's own situation: may anything at all leave from it now, and how much?</summary>
    public static async Task<SendingSituation> OfMailbox(
        Session session, Workspace workspace, Mailbox mailbox, DateTime now, CancellationToken cancel)
    {
        var (day, week) = mailbox.Window.CountingStarts(now);
        var counted = await SenderUseStore.Count(session, mailbox, now, day, week, cancel);
        var use = new SenderUse
        {
            ThisMinute = counted.ThisMinute, Today = counted.Today, ThisWeek = counted.ThisWeek,
            FirstSentAt = counted.FirstSentAt,
            FirstTouchesToday = mailbox.FirstTouchLimit is null
                ? 0 : await SenderUseStore.FirstTouches(session, mailbox.Id, day, cancel),
            TodayByDomain = mailbox.DomainLimit is null
                ? SenderUse.None.TodayByDomain
                : await SenderUseStore.ByDomain(session, mailbox.Id, day, cancel),
            Last = mailbox.MinGapSeconds == 0
                ? null : await SenderUseStore.Last(session, mailbox.Id, cancel),
        };
        return new SendingSituation
        {
            Workspace = workspace, Mailbox = mailbox, Now = now, Use = use, Holidays = counted.Holidays,
            DomainFailingSince = counted.DomainFailingSince,
        };
    }

    /// <summary>
    /// The situations of letters of one workspace, with every row that could change them held until the
    /// transaction ends: a stop, an unsubscribe, a reply or the last place under a limit is either seen here
    /// or comes after the commit. The enrollments are held by the caller. Each letter is told as if it were
    /// the only one; <see cref="SendingRule.AgainstEach"/> counts those that leave together.
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
        var recipients = mailboxes.Values.Any(one => one.AsksForRecipient)
            ? (await SenderUseStore.Recipients(session, [.. held.Keys], cancel))
                .ToDictionary(row => row.EnrollmentId)
            : [];
        return [.. letters.Select(letter =>
        {
            var enrollment = held[letter.Intent.EnrollmentId];
            var recipient = recipients.GetValueOrDefault(enrollment.Id);
            return mailboxes[letter.Mailbox.Id] with
            {
                Campaign = campaigns[enrollment.CampaignId], Enrollment = enrollment,
                Suppression = suppressed.GetValueOrDefault(letter.To), StepId = letter.Intent.StepId,
                RecipientDomain = letter.RecipientDomain, IsFirstTouch = recipient?.IsNew ?? false,
                Place = recipient is null
                    ? null : RecipientPlace.Of(recipient.TimeZone, recipient.Country, letter.To),
            };
        })];
    }
}
