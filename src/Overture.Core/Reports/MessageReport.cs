using Overture.Core.Data;

namespace Overture.Core.Reports;

/// <summary>A message as a line of a table.</summary>
public sealed record MessageRow
{
    public long Id { get; init; }
    public long LeadId { get; init; }
    public long CampaignId { get; init; }
    public required string CampaignName { get; init; }
    public required string ContactName { get; init; }
    public required string Channel { get; init; }
    public required string State { get; init; }
    public string? ToAddress { get; init; }
    public string Subject { get; init; } = "";
    public string VariantName { get; init; } = "";
    public int Position { get; init; }
    public int WordCount { get; init; }
    public string? Error { get; init; }
    public DateTime ComposedAt { get; init; }
    public DateTime? SentAt { get; init; }

    /// <summary>The far side's last words, or why it waits.</summary>
    public string? Response { get; init; }

    public string? Transport { get; init; }
}

/// <summary>A message with its text.</summary>
public sealed record MessageDetail(
    MessageRow Row, string Body, string MessageId, string? IntentState,
    IReadOnlyList<AttemptRow> Attempts);

/// <summary>One attempt to send a message.</summary>
public sealed record AttemptRow(
    long Id, string Transport, string State, string? Stage, int? ReplyCode, string? Response,
    DateTime SubmittedAt, DateTime? FinishedAt);

/// <summary>One captured mail as a line of a table.</summary>
public sealed record CapturedRow(
    long Id, long MessageId, string EnvelopeFrom, string EnvelopeTo, string Subject, string ContactName,
    string CampaignName, int Size, DateTime CapturedAt);

/// <summary>Read-only SQL for messages and captured mail.</summary>
public sealed class MessageReport(Database database)
{
    const string Rows =
        """
        select m.id, n.lead_id, n.campaign_id, c.name as campaign_name, p.full_name as contact_name,
            m.channel, m.state,
               m.to_address, m.subject, v.name as variant_name, st.position, m.word_count, m.error,
               m.composed_at, m.sent_at, coalesce(a.response, i.reason) as response, a.transport
        from messages m
        join enrollments n on n.workspace_id = m.workspace_id and n.id = m.enrollment_id
        join campaigns c on c.workspace_id = n.workspace_id and c.id = n.campaign_id
        join contacts p on p.workspace_id = m.workspace_id and p.id = m.contact_id
        join steps st on st.workspace_id = m.workspace_id and st.id = m.step_id
        join variants v on v.workspace_id = m.workspace_id and v.id = m.variant_id
        left join send_intents i on i.workspace_id = m.workspace_id and i.message_id = m.id
        left join lateral (
            select response, transport from send_attempts x
            where x.workspace_id = m.workspace_id and x.intent_id = i.id order by x.id desc limit 1) a on true
        where m.workspace_id = @WorkspaceId

        """;

    public Task<IReadOnlyList<MessageRow>> List(
        long workspaceId, long? campaignId, long? leadId, string? state, long? beforeId, int limit,
        CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<MessageRow>(
                $"""
                {Rows}
                  and (@campaignId::bigint is null or n.campaign_id = @campaignId)
                  and (@leadId::bigint is null or n.lead_id = @leadId)
                  and (@state::text is null or m.state = @state
                       or exists (select from events e where e.workspace_id = m.workspace_id
                                  and e.message_id = m.id and e.kind = @state
                                      and e.kind not in ('sent', 'failed')))
                  and (@beforeId::bigint is null or m.id < @beforeId)
                order by m.id desc limit @limit
                """,
                new
                {
                    session.WorkspaceId, campaignId, leadId, state, beforeId,
                    limit = Math.Clamp(limit, 1, PageSize.MostRows),
                },
                cancel),
            cancel);

    public Task<MessageDetail> Of(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var row = await session.Maybe<MessageRow>(
                    $"{Rows} and m.id = @id", new { session.WorkspaceId, id }, cancel)
                    ?? throw Model.RuleBroken.NotFound("message", id);
                var (body, messageId, intent) = await session.One<(string, string, string?)>(
                    """
                    select m.body, m.message_id, i.state from messages m
                    left join send_intents i on i.workspace_id = m.workspace_id and i.message_id = m.id
                    where m.workspace_id = @WorkspaceId and m.id = @id
                    """,
                    new { session.WorkspaceId, id }, cancel);
                var attempts = await session.List<AttemptRow>(
                    """
                    select a.id, a.transport, a.state, a.stage, a.reply_code, a.response, a.submitted_at,
                        a.finished_at
                    from send_attempts a join send_intents i on i.workspace_id = a.workspace_id
                        and i.id = a.intent_id
                    where a.workspace_id = @WorkspaceId and i.message_id = @id order by a.id
                    """,
                    new { session.WorkspaceId, id }, cancel);
                return new MessageDetail(row, body, messageId, intent, attempts);
            },
            cancel);

    public Task<IReadOnlyList<CapturedRow>> Captured(
        long workspaceId, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => session.List<CapturedRow>(
                """
                select k.id, k.message_id, k.envelope_from, k.envelope_to, m.subject,
                    p.full_name as contact_name,
                       c.name as campaign_name, length(k.content) as size, k.captured_at
                from captured_mail k
                join messages m on m.workspace_id = k.workspace_id and m.id = k.message_id
                join contacts p on p.workspace_id = m.workspace_id and p.id = m.contact_id
                join enrollments n on n.workspace_id = m.workspace_id and n.id = m.enrollment_id
                join campaigns c on c.workspace_id = n.workspace_id and c.id = n.campaign_id
                where k.workspace_id = @WorkspaceId and (@beforeId::bigint is null or k.id < @beforeId)
                order by k.id desc limit @limit
                """,
                new { session.WorkspaceId, beforeId, limit = Math.Clamp(limit, 1, PageSize.MostRows) },
                cancel),
            cancel);

    /// <summary>The exact bytes that were captured.</summary>
    public Task<byte[]> CapturedBytes(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => await session.Maybe<byte[]>(
                "select content from captured_mail where workspace_id = @WorkspaceId and id = @id",
                new { session.WorkspaceId, id }, cancel)
                ?? throw Model.RuleBroken.NotFound("captured mail", id),
            cancel);
}
