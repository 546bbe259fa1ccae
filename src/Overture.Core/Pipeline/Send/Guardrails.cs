using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Stops by itself what would ruin a sender's name: a campaign or a mailbox whose messages bounce or are
/// reported as spam is paused, and above the line that receivers themselves draw, everything stops.
/// </summary>
public sealed class Guardrails(Database database, TimeProvider time)
{
    public const double CampaignBounceShare = 0.05;
    public const double MailboxBounceShare = 0.02;
    public const double ComplaintShare = 0.001;
    public const double StopComplaintShare = 0.003;

    /// <summary>Fewer messages prove nothing.</summary>
    public const int LeastSends = 50;

    public const string By = "guardrail";
    public static readonly TimeSpan Span = TimeSpan.FromDays(7);

    /// <summary>Everything is looked at this often; what just came back badly at every tick.</summary>
    const int MinutesBetweenLooks = 15;

    static readonly TimeSpan JustNow = TimeSpan.FromMinutes(2);

    /// <summary>One tick over a workspace; returns how much was stopped.</summary>
    public async Task<int> Tick(long workspaceId, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var isDue = now.Minute % MinutesBetweenLooks == 0 || await database.InWorkspace(
            workspaceId, session => GuardrailStore.HasTrouble(session, now - JustNow, cancel), cancel);
        return isDue ? await Look(workspaceId, cancel) : 0;
    }

    /// <summary>
    /// The workspace in a transaction of its own: senders hold its row before they hold a campaign's.
    /// </summary>
    public async Task<int> Look(long workspaceId, CancellationToken cancel) =>
        await database.InWorkspace(workspaceId, session => OfWorkspace(session, cancel), cancel)
        + await database.InWorkspace(workspaceId, session => OfCampaigns(session, cancel), cancel)
        + await database.InWorkspace(workspaceId, session => OfMailboxes(session, cancel), cancel);

    async Task<int> OfWorkspace(Session session, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var record = await GuardrailStore.Workspace(session, (now - Span).UtcDateTime, cancel);
        if (record.Sent < LeastSends || record.ComplaintShare < StopComplaintShare) return 0;
        var reason = Complaints(record, StopComplaintShare);
        await WorkspaceStore.Stop(session, session.WorkspaceId, By, reason, now, cancel);
        await GuardrailStore.Acted(
            session, "workspace", session.WorkspaceId, reason, now.UtcDateTime, cancel);
        await session.Announce("workspace", session.WorkspaceId, cancel);
        return 1;
    }

    async Task<int> OfCampaigns(Session session, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var stopped = 0;
        foreach (var record in await GuardrailStore.Campaigns(session, now - Span, cancel))
        {
            if (Against(record, CampaignBounceShare) is not { } reason
                || await CampaignStore.Hold(session, record.Id, cancel) is not { CanPause: true }) continue;
            await CampaignStore.SetState(session, record.Id, CampaignState.Paused, reason, now, cancel);
            await GuardrailStore.Acted(session, "campaign", record.Id, reason, now, cancel);
            await session.Announce("campaigns", record.Id, cancel);
            stopped++;
        }

        return stopped;
    }

    async Task<int> OfMailboxes(Session session, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var stopped = 0;
        foreach (var record in await GuardrailStore.Mailboxes(session, now - Span, true, cancel))
        {
            if (Against(record, MailboxBounceShare) is not { } reason
                || await MailboxStore.Hold(session, record.Id, cancel)
                    is not { State: MailboxState.Connected or MailboxState.Untested }) continue;
            await MailboxStore.SetState(session, record.Id, MailboxState.Paused, reason, now, cancel);
            await GuardrailStore.Acted(session, "mailbox", record.Id, reason, now, cancel);
            await session.Announce("mailboxes", record.Id, cancel);
            stopped++;
        }

        return stopped;
    }

    static string? Against(SendingRecord record, double bounceShare)
    {
        if (record.Sent < LeastSends) return null;
        if (record.BounceShare >= bounceShare)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Bounced:N0} of {record.Sent:N0} messages bounced in {Span.TotalDays:0} days "
                + $"({record.BounceShare:P1}; the limit is {bounceShare:P0})");
        return record.ComplaintShare >= ComplaintShare ? Complaints(record, ComplaintShare) : null;
    }

    static string Complaints(SendingRecord record, double share) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Complained:N0} of {record.Sent:N0} messages were reported as spam in "
            + $"{Span.TotalDays:0} days ({record.ComplaintShare:P2}; the limit is {share:P2})");

    static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
