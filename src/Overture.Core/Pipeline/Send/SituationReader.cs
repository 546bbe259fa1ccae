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
        var batch = session.Together();
        var counted = SenderUseStore.Count(batch, [mailbox], now);
        await batch.Send(cancel);
        return await OfMailbox(session, workspace, mailbox, counted.Values[0], now, cancel);
    }

    /// <summary>
    /// Asks for the situations of letters of one workspace, with every row that could change them held until
    /// the transaction ends: a stop, an unsubscribe, a reply or the last place under a limit is either seen
    /// here or comes after the commit. The enrollments are held by the caller, earlier in the batch.
    /// </summary>
    public static SituationsAsked Hold(Batch batch, IReadOnlyList<Letter> letters, DateTime now)
    {
        var mailboxes = letters.Select(letter => letter.Mailbox).DistinctBy(mailbox => mailbox.Id).ToList();
        return new SituationsAsked(
            WorkspaceStore.Hold(batch),
            CampaignStore.HoldShared(batch, [.. letters.Select(letter => letter.Intent.EnrollmentId)]),
            MailboxStore.HoldMany(batch, [.. mailboxes.Select(mailbox => mailbox.Id)]),
            mailboxes.ToDictionary(mailbox => mailbox.Id), SenderUseStore.Count(batch, mailboxes, now),
            SuppressionStore.Matching(batch, letters.Select(letter => letter.To)));
    }

    /// <summary>
    /// The situations, once they were asked for. Each letter is told as if it were the only one;
    /// <see cref="SendingRule.AgainstEach"/> counts those that leave together.
    /// </summary>
    public static async Task<IReadOnlyList<SendingSituation>> Of(
        Session session, IReadOnlyList<Letter> letters, SituationsAsked asked,
        IReadOnlyDictionary<long, Enrollment> held, DateTime now, CancellationToken cancel)
    {
        var workspace = asked.Workspace.Only ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var campaigns = asked.Campaigns.Values.ToDictionary(one => one.Id);
        var counted = asked.Counted.Values.ToDictionary(one => one.MailboxId);
        var mailboxes = new Dictionary<long, SendingSituation>();
        foreach (var mailbox in asked.Mailboxes.Values)
            // What was counted by settings that have changed since the claim is counted again.
            mailboxes[mailbox.Id] = SenderUseStore.CountsAlike(asked.AsClaimed[mailbox.Id], mailbox)
                ? await OfMailbox(session, workspace, mailbox, counted[mailbox.Id], now, cancel)
                : await OfMailbox(session, workspace, mailbox, now, cancel);
        var recipients = mailboxes.Values.Any(one => one.AsksForRecipient)
            ? (await SenderUseStore.Recipients(
                session, [.. letters.Select(letter => letter.Intent.EnrollmentId)], cancel))
                .ToDictionary(row => row.EnrollmentId)
            : [];
        return [.. letters.Select(letter =>
        {
            var enrollment = held[letter.Intent.EnrollmentId];
            var recipient = recipients.GetValueOrDefault(enrollment.Id);
            return mailboxes[letter.Mailbox.Id] with
            {
                Campaign = campaigns[enrollment.CampaignId], Enrollment = enrollment,
                Suppression = asked.Suppressed.Reason(letter.To), StepId = letter.Intent.StepId,
                RecipientDomain = letter.RecipientDomain, IsFirstTouch = recipient?.IsNew ?? false,
                Place = recipient is null
                    ? null : RecipientPlace.Of(recipient.TimeZone, recipient.Country, letter.To),
            };
        })];
    }

    static async Task<SendingSituation> OfMailbox(
        Session session, Workspace workspace, Mailbox mailbox, SenderUseStore.Counted counted, DateTime now,
        CancellationToken cancel)
    {
        var day = mailbox.Window.CountingStarts(now).Day;
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
}

/// <summary>What was asked for in a batch, as it will be when that was sent.</summary>
sealed record SituationsAsked(
    Rows<Workspace> Workspace, Rows<Campaign> Campaigns, Rows<Mailbox> Mailboxes,
    IReadOnlyDictionary<long, Mailbox> AsClaimed, Rows<SenderUseStore.Counted> Counted,
    Suppressed Suppressed);
