using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Finds out what became of uncertain messages by looking into the Sent folder. Found once is found. Absent
/// needs several looks over a while, and a folder that shows other messages we sent; then the message is sent
/// once more, at most once by itself. Where the provider keeps drafts, one look proves it. What cannot be
/// found out is a person's to decide.
/// </summary>
public sealed class VerifySends(
    Database database, SentFolder folder, GmailFate gmail, SendingIdentity identity, TimeProvider time)
{
    const int BatchSize = 100;
    const int EnoughLooks = 3;
    const int KnownLimit = 5;
    static readonly TimeSpan EnoughTime = TimeSpan.FromMinutes(15);
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(8);
    static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(10);
    static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    static readonly TimeSpan KnownFrom = TimeSpan.FromDays(30);

    /// <summary>Looks for whatever is due; returns how many messages were looked for.</summary>
    public async Task<int> Run(CancellationToken cancel)
    {
        var now = Now();
        // Committed before anybody looks, so that two nodes do not look for the same.
        var due = await database.InInstance(
            session => VerificationStore.ClaimDue(session, now, now + LongestLook, BatchSize, cancel),
            cancel);
        foreach (var mailbox in due.GroupBy(one => (one.WorkspaceId, one.MailboxId, one.DraftId is null)))
            await LookInto(mailbox.Key.WorkspaceId, mailbox.Key.MailboxId, [.. mailbox], cancel);
        return due.Count;
    }

    async Task LookInto(
        long workspaceId, long mailboxId, IReadOnlyList<Verification> due, CancellationToken cancel)
    {
        var (letters, known) = await database.InWorkspace(
            workspaceId,
            async session =>
            {
                var found = new List<Letter>();
                foreach (var one in due)
                    found.Add(await Letter.Of(
                        session, (await IntentStore.Hold(session, one.IntentId, cancel))!, cancel));
                var until = Now() - TimeSpan.FromMinutes(1);
                return (found, await VerificationStore.KnownAccepted(
                    session, mailboxId, until - KnownFrom, until, KnownLimit, cancel));
            },
            cancel);
        var marks = letters.Select(MarksOf).ToList();
        var looks = due[0].DraftId is null
            ? await folder.Look(workspaceId, mailboxId, marks, known, cancel)
            : await LookForDrafts(workspaceId, mailboxId, due, marks, known, cancel);
        for (var at = 0; at < due.Count; at++)
        {
            var (one, look, looked) = (due[at], looks[at], marks[at]);
            await database.InWorkspace(
                workspaceId, session => Decide(session, one, looked, look, cancel), cancel);
        }
    }

    async Task<IReadOnlyList<SentLook>> LookForDrafts(
        long workspaceId, long mailboxId, IReadOnlyList<Verification> due, IReadOnlyList<SentMarks> marks,
        IReadOnlyList<(string MessageId, string ReferenceToken)> known, CancellationToken cancel)
    {
        var looks = new List<SentLook>();
        for (var at = 0; at < due.Count; at++)
            looks.Add(await gmail.Look(
                workspaceId, mailboxId, marks[at], due[at].DraftId!, known, cancel));
        return looks;
    }

    async Task Decide(
        Session session, Verification due, SentMarks marks, SentLook look, CancellationToken cancel)
    {
        var now = Now();
        var enrollmentId = (await IntentStore.Hold(session, due.IntentId, cancel))!.EnrollmentId;
        await EnrollmentStore.Hold(session, enrollmentId, cancel);
        if (await VerificationStore.Hold(session, due.AttemptId, cancel) is not { } search
            || await IntentStore.Hold(
                session, due.IntentId, cancel) is not { State: IntentState.Uncertain } intent)
            return;
        await VerificationStore.Add(
            session, due.IntentId, due.AttemptId,
            new SendEvidence
            {
                Source = look.Source, LookedAt = look.Place,
                LookedFor = $"{marks.MessageId}, {EmailBuilder.ReferenceHeader}: {marks.ReferenceToken}, "
                    + $"unsubscribe link {marks.UnsubscribeToken[..8]}…",
                Result = look.Result, Detail = look.Detail, SeenAt = now,
            },
            cancel);
        var letter = await Letter.Of(session, intent, cancel);
        var first = search.FirstSearchAt ?? now;
        switch (look.Result)
        {
            case EvidenceResult.Found:
                var words = $"Found in the {look.Place}, {look.Detail}.";
                await AttemptStore.Decide(session, due.AttemptId, "accepted", words, now, cancel);
                if (look.ObservedId is { } observed && observed != marks.MessageId)
                    await MessageStore.SetObservedId(session, letter.Message.Id, observed, cancel);
                await UncertainSend.Arrived(
                    session, letter, IntentState.Accepted, words, "overture", now, cancel);
                break;
            case EvidenceResult.Absent when look.IsExact
                || (search.SearchCount + 1 >= EnoughLooks && now - first >= EnoughTime):
                await Absent(session, letter, due.AttemptId, look, search.SearchCount + 1, now, cancel);
                break;
            case EvidenceResult.Absent:
                await VerificationStore.Count(
                    session, due.AttemptId, now, now + LookAgainAfter, cancel);
                break;
            default:
                if (now - intent.UpdatedAt > GiveUpAfter)
                    await UncertainSend.AskPerson(session, letter, now, cancel);
                break;
        }

        await session.Announce("campaigns", 0, cancel);
    }

    static async Task Absent(
        Session session, Letter letter, long attemptId, SentLook look, int looks, DateTime now,
        CancellationToken cancel)
    {
        var campaignId =
            (await EnrollmentStore.Hold(session, letter.Intent.EnrollmentId, cancel))!.CampaignId;
        var campaign = await CampaignStore.Find(session, campaignId, cancel);
        var wasSentAgain = !look.IsExact
            && await AttemptStore.CountAbsent(session, letter.Intent.Id, cancel) > 0;
        if (wasSentAgain || campaign?.OnUncertain == OnUncertain.ResendAfterApproval)
            await UncertainSend.AskPerson(session, letter, now, cancel);
        else
            await UncertainSend.SendAgain(
                session, letter, attemptId,
                look.IsExact
                    ? $"{look.Place}: {look.Detail} It is sent once more."
                    : $"{looks} looks into the {look.Place} did not find it: it is sent once more.",
                "overture", now, cancel);
    }

    SentMarks MarksOf(Letter letter)
    {
        var marks = MessageIdentity.For(
            identity.InstanceKey, letter.Workspace.Id, letter.Message.EnrollmentId, letter.Message.StepId,
            letter.Mailbox.Domain);
        return new SentMarks(marks.MessageId, marks.ReferenceToken, marks.UnsubscribeToken);
    }

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
