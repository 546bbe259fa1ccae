using System.Globalization;
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
    /// The situation of one intent, with every row that could change it held until the transaction ends: a
    /// stop, an unsubscribe, a reply or the last place under a limit is either seen here or comes after the
    /// commit.
    /// </summary>
    public static async Task<SendingSituation> Hold(
        Session session, SendIntent intent, string toAddress, DateTime now, CancellationToken cancel) =>
        (await HoldAll(session, intent.MailboxId, [(intent, toAddress)], now, cancel))[0];

    /// <summary>
    /// The same for several intents of one mailbox, in their order, at the cost of few more statements than
    /// for one. Each is told as if it were the only one: <see cref="SendingRule.AgainstEach"/> counts them.
    /// </summary>
    public static async Task<IReadOnlyList<SendingSituation>> HoldAll(
        Session session, long mailboxId, IReadOnlyList<(SendIntent Intent, string To)> letters, DateTime now,
        CancellationToken cancel)
    {
        var workspace = await WorkspaceStore.Hold(session, session.WorkspaceId, cancel)
            ?? throw RuleBroken.NotFound("workspace", session.WorkspaceId);
        var ids = letters.Select(letter => letter.Intent.EnrollmentId).Distinct().ToList();
        var enrollments = (await EnrollmentStore.HoldAll(session, ids, cancel)).ToDictionary(row => row.Id);
        var campaigns = new Dictionary<long, Campaign?>();
        foreach (var id in enrollments.Values.Select(row => row.CampaignId).Distinct().Order())
            campaigns[id] = await CampaignStore.HoldShared(session, id, cancel);
        var mailbox = await MailboxStore.Hold(session, mailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", mailboxId);
        var situation = await OfMailbox(session, workspace, mailbox, now, cancel);
        var suppressed = await SuppressionStore.MatchingAny(
            session, [.. letters.Select(letter => letter.To)], cancel);
        var recipients = situation.AsksForRecipient
            ? (await SenderUseStore.Recipients(session, ids, cancel)).ToDictionary(row => row.EnrollmentId)
            : [];
        return [.. letters.Select(letter =>
        {
            var enrollment = enrollments.GetValueOrDefault(letter.Intent.EnrollmentId)
                ?? throw RuleBroken.NotFound("enrollment", letter.Intent.EnrollmentId);
            return Of(letter.Intent, letter.To, recipients.GetValueOrDefault(enrollment.Id), situation with
            {
                Campaign = campaigns[enrollment.CampaignId], Enrollment = enrollment,
                Suppression = suppressed.GetValueOrDefault(letter.To),
            });
        })];
    }

    static SendingSituation Of(
        SendIntent intent, string to, SenderUseStore.Recipient? recipient, SendingSituation situation) =>
        situation with
        {
            RecipientDomain = to[(to.LastIndexOf('@') + 1)..].ToLowerInvariant(), StepId = intent.StepId,
            IsFirstTouch = recipient?.IsNew ?? false,
            Place = recipient is null ? null : RecipientPlace.Of(recipient.TimeZone, recipient.Country, to),
        };
}
