using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Reports;

/// <summary>How a mailbox is received.</summary>
public enum SenderBand
{
    Healthy,
    Unproven,
    Watch,
    Quarantine,
}

/// <summary>One mailbox with what left from it and what came back.</summary>
public sealed record SenderHealth(
    Mailbox Mailbox, SenderBand Band, SendingRecord Record, int SentToday, int AllowedToday);

/// <summary>How the senders of a workspace are received, the worst first.</summary>
public sealed class DeliverabilityReport(Database database, TimeProvider time)
{
    public static readonly IReadOnlyList<int> Spans = [7, 30, 90];

    public Task<IReadOnlyList<SenderHealth>> Senders(long workspaceId, int days, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var workspace = await WorkspaceStore.Get(session, cancel);
                var records = (await GuardrailStore.Mailboxes(session, now.AddDays(-days), false, cancel))
                    .ToDictionary(record => record.Id);
                var senders = new List<SenderHealth>();
                foreach (var mailbox in await MailboxStore.List(session, cancel))
                {
                    var use = (await SituationReader.OfMailbox(session, workspace, mailbox, now, cancel)).Use;
                    senders.Add(new SenderHealth(
                        mailbox, BandOf(mailbox, records[mailbox.Id]), records[mailbox.Id], use.Today,
                        Pace.DailyAllowance(mailbox, use, now)));
                }

                return (IReadOnlyList<SenderHealth>)
                    [.. senders.OrderByDescending(one => one.Band).ThenBy(one => one.Mailbox.Address)];
            },
            cancel);

    /// <summary>Half the way to a guardrail is worth watching.</summary>
    internal static SenderBand BandOf(Mailbox mailbox, SendingRecord record) =>
        mailbox.State == MailboxState.Broken
            || (mailbox.State == MailboxState.Paused && mailbox.PausedReason is not null
                && record.BounceShare >= Guardrails.MailboxBounceShare) ? SenderBand.Quarantine
        : record.Sent < Guardrails.LeastSends ? SenderBand.Unproven
        : record.BounceShare >= Guardrails.MailboxBounceShare
            || record.ComplaintShare >= Guardrails.ComplaintShare ? SenderBand.Quarantine
        : record.BounceShare >= Guardrails.MailboxBounceShare / 2
            || record.ComplaintShare >= Guardrails.ComplaintShare / 2 ? SenderBand.Watch
        : SenderBand.Healthy;
}
