using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over send attempts and captured mail.</summary>
static class AttemptStore
{
    /// <summary>
    /// Opens an attempt. The unique index refuses a second one that may have reached somebody (I1).
    /// </summary>
    public static Task<long> Open(
        Session session, SendIntent intent, int node, string transport, string recipientDomain, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                                       recipient_domain, submitted_at)
            values (@WorkspaceId, @Id, @Fence, @node, @MailboxId, @transport, 'submitting',
                @recipientDomain, @now)
            returning id
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence, node, intent.MailboxId, transport,
            recipientDomain, now }, cancel);

    public static Task<int> Close(
        Session session, long id, string state, string? stage, int? replyCode, string? response, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts
                set state = @state, stage = @stage, reply_code = @replyCode, response = @response,
                                     finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'submitting'
            """,
            new { session.WorkspaceId, id, state, stage, replyCode, response, now }, cancel);

    /// <summary>The open attempt of a claim, if its commit went through after all.</summary>
    public static Task<long?> FindOpen(Session session, SendIntent intent, CancellationToken cancel) =>
        session.Maybe<long?>(
            """
            select id from send_attempts
            where workspace_id = @WorkspaceId and intent_id = @Id and fence = @Fence and state = 'submitting'
            """,
            new { session.WorkspaceId, intent.Id, intent.Fence }, cancel);

    /// <summary>
    /// The far side's yes to an attempt that was given up as uncertain meanwhile; 0 rows otherwise.
    /// </summary>
    public static Task<int> Confirm(
        Session session, long id, int replyCode, string response, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            update send_attempts set state = 'accepted', reply_code = @replyCode, response = @response,
                                     finished_at = @now
            where workspace_id = @WorkspaceId and id = @id and state = 'uncertain'
            """,
            new { session.WorkspaceId, id, replyCode, response, now }, cancel);

    /// <summary>A failure before the body was through: recorded, counted against nothing.</summary>
    public static Task<int> RecordFailure(
        Session session, SendIntent intent, int node, string transport, string recipientDomain, string state,
        string? stage, int? replyCode, string? response, DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                recipient_domain, stage, reply_code, response, submitted_at, finished_at)
            values (@WorkspaceId, @Id, @Fence, @node, @MailboxId, @transport, @state,
                @recipientDomain, @stage, @replyCode, @response, @now, @now)
            """,
            new
            {
                session.WorkspaceId, intent.Id, intent.Fence, node, intent.MailboxId, transport, state,
                recipientDomain, stage, replyCode, response, now,
            },
            cancel);

    public static Task<int> KeepCaptured(
        Session session, long attemptId, long messageId, string envelopeFrom, string envelopeTo,
        byte[] content,
        DateTime now, CancellationToken cancel) =>
        session.Run(
            """
            insert into captured_mail (workspace_id, attempt_id, message_id, envelope_from, envelope_to,
                content,
                                       captured_at)
            values (@WorkspaceId, @attemptId, @messageId, @envelopeFrom, @envelopeTo, @content, @now)
            """,
            new { session.WorkspaceId, attemptId, messageId, envelopeFrom, envelopeTo, content, now },
            cancel);

    public static Task<int> CountDeferred(Session session, long intentId, CancellationToken cancel) =>
        session.One<int>(
            """
            select count(*)::int from send_attempts
            where workspace_id = @WorkspaceId and intent_id = @intentId and state = 'deferred'
              and stage not in ('connect', 'banner', 'ehlo', 'starttls', 'tls', 'auth')
            """,
            new { session.WorkspaceId, intentId }, cancel);
}
