using Microsoft.Extensions.Logging;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>
/// Sends what people write back, under the promise of every message: carried up to the dot, checked and
/// recorded, then let go; silence after the dot is kept as uncertain. A person's answer waits for no window.
/// </summary>
public sealed class SendAnswers(
    Database database, Transports transports, TimeProvider time, ILogger<SendAnswers> log)
{
    const int ClaimSize = 20;
    const int MostAttempts = 5;

    /// <summary>Longer than the longest wait for an answer to the dot.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    static readonly TimeSpan PreDotDeadline = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>Whose batch broke off: what this node still holds of it is in nobody's hands.</summary>
    int? brokenOff;

    /// <summary>Sends one batch in every workspace; returns how many were tried.</summary>
    public async Task<int> RunBatch(int node, CancellationToken cancel)
    {
        try
        {
            var due = await Claim(node, cancel);
            foreach (var answer in due) await SendOrPutBack(answer, cancel);
            return due.Count;
        }
        catch
        {
            brokenOff = node;
            throw;
        }
    }

    async Task<IReadOnlyList<Answer>> Claim(int node, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due = await database.InInstance(
            async session =>
            {
                // Where this cannot be written, nothing new is begun either.
                if (brokenOff is { } left) await AnswerStore.EndLeases(session, left, now, cancel);
                await AnswerStore.Recover(session, now, cancel);
                return await AnswerStore.ClaimDue(session, node, now, now + Lease, ClaimSize, cancel);
            },
            cancel);
        brokenOff = null;
        return due;
    }

    async Task SendOrPutBack(Answer answer, CancellationToken cancel)
    {
        try
        {
            await Send(answer, cancel);
        }
        catch (Exception failure) when (failure is not NpgsqlException)
        {
            log.LogError(failure, "Answer {Id} was put back.", answer.Id);
            await PutBack(
                answer, failure is OperationCanceledException ? null : failure.Message,
                failure is OperationCanceledException ? TimeSpan.Zero : LookAgain);
            if (failure is OperationCanceledException) throw;
        }
    }

    async Task Send(Answer answer, CancellationToken cancel)
    {
        var (workspace, mailbox, received) = await database.InWorkspace(
            answer.WorkspaceId,
            async session => (
                await WorkspaceStore.Get(session, cancel),
                await MailboxStore.Find(session, answer.MailboxId, cancel)
                    ?? throw RuleBroken.NotFound("mailbox", answer.MailboxId),
                answer.ReceivedId is { } id ? await ReceivedMailStore.Find(session, id, cancel) : null),
            cancel);
        if (!workspace.DryRun && !mailbox.CanReachAServer)
        {
            await PutBack(answer, "The mailbox has no mail server.", LookAgain);
            return;
        }

        var bytes = AnswerBuilder.Build(answer, mailbox, received);
        await using var prepared = await transports.For(workspace, mailbox).Prepare(
            mailbox, mailbox.Address, answer.ToAddress, bytes, cancel);
        if (prepared.Outcome is { } early)
        {
            await Record(answer, early, null);
            return;
        }

        var held = time.GetTimestamp();
        if (!await Commit(answer, workspace.DryRun, prepared, cancel)) return;
        if (time.GetElapsedTime(held) > PreDotDeadline)
        {
            prepared.Abandon();
            await PutBack(answer, "This computer was too slow; nothing was sent.", TimeSpan.Zero);
            return;
        }

        // From here on the outcome is waited for and written even while the node stops.
        await Record(
            answer, await prepared.Finish(CancellationToken.None), workspace.DryRun ? bytes : null);
    }

    /// <summary>
    /// Checks once more, and records that the dot is about to leave; false when it must not.
    /// </summary>
    async Task<bool> Commit(
        Answer answer, bool isCaptured, IPreparedSend prepared, CancellationToken cancel)
    {
        await using var session = await database.Open(answer.WorkspaceId, cancel);
        var now = time.GetUtcNow().UtcDateTime;
        var workspace = await WorkspaceStore.Hold(session, answer.WorkspaceId, cancel);
        var mailbox = await MailboxStore.Find(session, answer.MailboxId, cancel);
        var inTheWay = workspace?.StoppedAt is not null ? $"Sending is stopped: {workspace.StopReason}"
            : mailbox is not { State: MailboxState.Connected } ? "The mailbox is not in service."
            : workspace!.DryRun != isCaptured ? "The dry run was switched." : null;
        var suppression = await SuppressionStore.Matching(session, answer.ToAddress, cancel);
        if (inTheWay is null && suppression is null
            && await AnswerStore.Submit(session, answer, now, cancel) == 1)
        {
            await session.Commit(cancel);
            return true;
        }

        prepared.Abandon();
        if (suppression is not null)
            await AnswerStore.Settle(
                session, answer, AnswerState.Cancelled,
                $"The address is suppressed ({suppression.Replace('_', ' ')}).", null, now, cancel);
        else
            await AnswerStore.PutBack(session, answer, inTheWay, now + LookAgain, cancel);
        await session.Commit(cancel);
        return false;
    }

    Task Record(Answer answer, SendOutcome outcome, byte[]? captured) => database.InWorkspace(
        answer.WorkspaceId,
        async session =>
        {
            var cancel = CancellationToken.None;
            var now = time.GetUtcNow().UtcDateTime;
            var (state, words) = outcome switch
            {
                SendOutcome.Accepted when captured is not null =>
                    (AnswerState.Captured, "Captured by the dry run"),
                SendOutcome.Accepted accepted =>
                    (AnswerState.Sent, $"{accepted.Code} {accepted.ResponseText}"),
                SendOutcome.Uncertain uncertain => (AnswerState.Uncertain, uncertain.Reason),
                SendOutcome.Rejected { Fault: var fault } =>
                    (AnswerState.Failed, $"{fault.Sentence} {fault.Remedy}".Trim()),
                SendOutcome.Deferred { Fault: var fault } =>
                    (answer.AttemptCount + 1 >= MostAttempts ? AnswerState.Failed : AnswerState.Planned,
                        $"{fault.Sentence} {fault.Remedy}".Trim()),
                _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
            };
            if (state == AnswerState.Planned)
                await AnswerStore.PutBack(
                    session, answer, words, now + (LookAgain * (1 << answer.AttemptCount)), cancel);
            else
                await AnswerStore.Settle(session, answer, state, words, captured, now, cancel);
            if (state is AnswerState.Failed or AnswerState.Uncertain)
                await TaskStore.Insert(
                    session, null, "settle_answer",
                    $"Look whether the answer to {answer.ToAddress} arrived: {words}",
                    DateOnly.FromDateTime(now), now, cancel);
            await session.Announce("inbox", answer.ConversationId, cancel);
        },
        CancellationToken.None);

    Task PutBack(Answer answer, string? reason, TimeSpan rest) => database.InWorkspace(
        answer.WorkspaceId,
        session => AnswerStore.PutBack(
            session, answer, reason, time.GetUtcNow().UtcDateTime + rest, CancellationToken.None),
        CancellationToken.None);
}

/// <summary>Turns an answer into the exact bytes of an email, in the thread of what it answers.</summary>
static class AnswerBuilder
{
    const int MostReferences = 50;

    public static byte[] Build(Answer answer, Mailbox mailbox, ReceivedMail? received)
    {
        var original = received?.Content is { } content ? MimeReader.Read(content) : null;
        string[] references = original is null ? [] :
        [
            .. original.References.TakeLast(MostReferences).Append(original.MessageId ?? "")
                .Where(id => id.Length > 0).Distinct().Select(id => $"<{id}>"),
        ];
        return MimeWriter.Write(new OutgoingEmail
        {
            From = EmailAddress.Parse(mailbox.Address)
                .Named(mailbox.FromName.Length > 0 ? mailbox.FromName : null),
            To = [EmailAddress.Parse(answer.ToAddress).Named(received?.FromName)],
            Subject = answer.Subject,
            TextBody = answer.Body + Quoted(received),
            MessageId = answer.MessageHeader,
            InReplyTo = received?.MessageHeader,
            References = references,
            // The moment it was written, so that building it again gives the same bytes.
            Date = new DateTimeOffset(answer.CreatedAt, TimeSpan.Zero),
            ExtraHeaders = [new EmailHeader(EmailBuilder.ReferenceHeader, answer.ReferenceToken)],
        });
    }

    static string Quoted(ReceivedMail? received)
    {
        if (received?.Words is not { Length: > 0 } words) return "\n";
        var on = (received.WrittenAt ?? received.ReceivedAt).ToString(
            "ddd, d MMM yyyy 'at' HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        return $"\n\nOn {on}, {received.FromName ?? received.FromAddress} wrote:\n"
            + string.Join('\n', words.Split('\n').Select(line => "> " + line)) + "\n";
    }
}
