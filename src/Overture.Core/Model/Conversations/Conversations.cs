using System.Security.Cryptography;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with conversations.</summary>
public sealed class Conversations(Database database, TimeProvider time)
{
    /// <summary>How long an answer can be taken back before it leaves.</summary>
    public static readonly TimeSpan UndoFor = TimeSpan.FromSeconds(30);

    const int LongestAnswer = 50_000;
    const int LongestNote = 5_000;
    const int TokenBytes = 20;
    static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(366);

    public Task MarkRead(long workspaceId, long id, bool isRead, CancellationToken cancel) =>
        Change(workspaceId, id, (session, _, _) => ConversationStore.MarkRead(session, id, isRead, cancel), cancel);

    public Task Snooze(long workspaceId, long id, DateTime until, CancellationToken cancel) =>
        Change(
            workspaceId, id,
            (session, _, now) => until <= now || until > now + LongestSnooze
                ? throw new RuleBroken(
                    "bad_snooze", "Choose a moment in the future, at most a year away.", "until")
                : ConversationStore.SetState(session, id, ConversationState.Snoozed, until, cancel),
            cancel);

    public Task Reopen(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id,
            (session, _, _) => ConversationStore.SetState(session, id, ConversationState.Open, null, cancel),
            cancel);

    /// <summary>Nothing more is to be said; the next mail opens it again.</summary>
    public Task Close(long workspaceId, long id, CancellationToken cancel) =>
        Change(
            workspaceId, id,
            async (session, _, _) =>
            {
                await ConversationStore.MarkRead(session, id, true, cancel);
                await ConversationStore.SetState(session, id, ConversationState.Done, null, cancel);
            },
            cancel);

    public Task Assign(long workspaceId, long id, long? userId, CancellationToken cancel) =>
        Change(workspaceId, id, (session, _, _) => ConversationStore.Assign(session, id, userId, cancel), cancel);

    public Task AddNote(long workspaceId, long id, string note, string by, CancellationToken cancel) =>
        note.Trim() is { Length: > 0 and <= LongestNote } text
            ? Change(
                workspaceId, id,
                (session, _, now) => ConversationStore.AddNote(session, id, by, text, now, cancel), cancel)
            : throw new RuleBroken("bad_note", $"A note has 1 to {LongestNote} characters.", "note");

    /// <summary>
    /// A person knows better what was meant. A refusal takes effect at once, as if the rules had found it.
    /// </summary>
    public Task SetIntent(
        long workspaceId, long id, ReplyIntent intent, string by, CancellationToken cancel) =>
        Change(
            workspaceId, id,
            async (session, conversation, now) =>
            {
                var received = await ReceivedMailStore.InConversation(session, id, 1, cancel);
                if (received.Count > 0)
                    await ReceivedMailStore.SetIntent(session, received[0].Id, intent, by, cancel);
                await ConversationStore.SetIntent(session, id, intent, cancel);
                if (intent != ReplyIntent.Refusal) return;
                await Suppressions.AddTo(
                    session, conversation.Counterpart, "refused", $"Read so by {by}", by, now, cancel);
                if (conversation.LeadId is { } lead)
                    await LeadStore.SetState(session, lead, LeadState.Closed, "refused", now, cancel);
            },
            cancel);

    /// <summary>
    /// Plans an answer from the mailbox that the conversation belongs to, in its thread. It leaves after
    /// <see cref="UndoFor"/>; until then it can be taken back.
    /// </summary>
    public async Task<long> Answer(
        long workspaceId, long id, string body, string by, CancellationToken cancel)
    {
        if (body.Trim() is not { Length: > 0 and <= LongestAnswer } text)
            throw new RuleBroken(
                "bad_answer", $"An answer has 1 to {LongestAnswer} characters.", "body");
        long answerId = 0;
        await Change(
            workspaceId, id,
            async (session, conversation, now) =>
            {
                var latest = await ReceivedMailStore.InConversation(session, id, 1, cancel);
                var received = latest.Count > 0 ? latest[0] : null;
                var to = received?.FromAddress ?? conversation.Counterpart;
                foreach (var address in new[] { to, conversation.Counterpart })
                    if (await SuppressionStore.Matching(session, address, cancel) is { } reason)
                        throw new RuleBroken(
                            "suppressed",
                            $"{address} is suppressed ({reason.Replace('_', ' ')}) and stays unwritten.");
                var token = RandomNumberGenerator.GetHexString(TokenBytes * 2, lowercase: true);
                var domain = conversation.MailboxAddress[(conversation.MailboxAddress.LastIndexOf('@') + 1)..];
                answerId = await AnswerStore.Insert(
                    session,
                    new Answer
                    {
                        ConversationId = id, MailboxId = conversation.MailboxId, ReceivedId = received?.Id,
                        ToAddress = to, Subject = AsReply(received?.Subject ?? conversation.Subject),
                        Body = text, MessageHeader = $"<{token}@{domain}>", ReferenceToken = token,
                        DueAt = now + UndoFor, CreatedBy = by,
                    },
                    now, cancel);
                await ConversationStore.Answered(session, id, now, cancel);
                if (conversation.LeadId is { } lead)
                    await ActivityStore.Append(
                        session, lead, "answered", by, $"Answered {to}", now, cancel);
            },
            cancel);
        return answerId;
    }

    /// <summary>Takes an answer back that has not left.</summary>
    public Task TakeBack(long workspaceId, long answerId, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await AnswerStore.Find(session, answerId, cancel) is null)
                    throw RuleBroken.NotFound("answer", answerId);
                if (await AnswerStore.Cancel(
                    session, answerId, by, time.GetUtcNow().UtcDateTime, cancel) == 0)
                    throw new RuleBroken("answer_gone", "It is too late: the answer is on its way.");
                await session.Announce("inbox", 0, cancel);
            },
            cancel);

    /// <summary>
    /// A person knows that they are back: what waited goes on, and no automatic hold binds it again.
    /// </summary>
    public Task LiftHold(long workspaceId, long enrollmentId, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (!await HoldStore.Lift(
                    session, enrollmentId, by, time.GetUtcNow().UtcDateTime, cancel))
                    throw new RuleBroken("not_held", "Nothing waits for this person.");
                await session.Announce("campaigns", 0, cancel);
            },
            cancel);

    Task Change(
        long workspaceId, long id, Func<Session, Conversation, DateTime, Task> act,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var conversation = await ConversationStore.Find(session, id, cancel)
                    ?? throw RuleBroken.NotFound("conversation", id);
                await act(session, conversation, time.GetUtcNow().UtcDateTime);
                await session.Announce("inbox", id, cancel);
            },
            cancel);

    static string AsReply(string subject) =>
        subject.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? subject : "Re: " + subject;
}
