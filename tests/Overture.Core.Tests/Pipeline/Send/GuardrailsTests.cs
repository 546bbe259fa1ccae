using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail.Dns;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class GuardrailsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 4, 0, "running", "paused")]
    [InlineData(100, 5, 0, "paused", "paused")]
    [InlineData(100, 1, 0, "running", "connected")]
    [InlineData(49, 20, 0, "running", "connected")]
    [InlineData(1_000, 0, 1, "paused", "paused")]
    public async Task Bounces_and_spam_reports_pause_what_they_come_from(
        int sent, int bounced, int complained, string campaignState, string mailboxState)
    {
        await using var test = await TestWorkspace.Create();
        await Fill(test, sent, bounced, complained);
        await test.Get<Guardrails>().Look(test.Id, Cancel);
        Assert.Equal(campaignState, await test.Ask<string>("select state from campaigns"));
        Assert.Equal(mailboxState, await test.Ask<string>("select state from mailboxes"));
        Assert.False((await test.Get<Workspaces>().Get(test.Id, Cancel)).IsStopped);
    }

    [Fact]
    public async Task Above_the_line_of_receivers_everything_stops()
    {
        await using var test = await TestWorkspace.Create();
        await Fill(test, 1_000, 0, 3);
        await test.Get<Guardrails>().Look(test.Id, Cancel);
        var workspace = await test.Get<Workspaces>().Get(test.Id, Cancel);
        Assert.True(workspace.IsStopped);
        Assert.Contains(
            "3 of 1,000 messages were reported as spam", workspace.StopReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_resumes_begins_to_count_anew()
    {
        await using var test = await TestWorkspace.Create();
        var campaign = await Fill(test, 100, 9, 0);
        await test.Get<Guardrails>().Look(test.Id, Cancel);
        Assert.Equal(
            "9 of 100 messages bounced in 7 days (9.0 %; the limit is 5 %)",
            await test.Ask<string>("select paused_reason from campaigns"));
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(1));
        await test.Get<Campaigns>().Start(test.Id, campaign, Cancel);
        Assert.Equal(0, await test.Get<Guardrails>().Look(test.Id, Cancel));
        Assert.Equal("running", await test.Ask<string>("select state from campaigns"));
    }

    [Fact]
    public void A_look_up_that_failed_says_nothing_either_way()
    {
        var (early, late) = (new DateTime(2026, 3, 1, 9, 0, 0, DateTimeKind.Utc),
            new DateTime(2026, 3, 2, 9, 0, 0, DateTimeKind.Utc));
        Assert.Equal(late, SenderDomain.FailsSince(Seen(FindingState.Fail), null, late));
        Assert.Equal(early, SenderDomain.FailsSince(Seen(FindingState.Fail), early, late));
        Assert.Equal(early, SenderDomain.FailsSince(Seen(FindingState.Unknown), early, late));
        Assert.Null(SenderDomain.FailsSince(Seen(FindingState.Unknown), null, late));
        Assert.Null(SenderDomain.FailsSince(Seen(FindingState.Pass), early, late));
    }

    static IReadOnlyList<DomainFinding> Seen(FindingState spf) =>
    [
        new("SPF", spf, "", null, null), new("DKIM", FindingState.Pass, "", null, null),
        new("DMARC", FindingState.Pass, "", null, null),
        // A missing way back is told, and stops nothing.
        new("MX", FindingState.Fail, "", null, null),
    ];

    /// <summary>One enrollment with one message, and as many events of it as are asked for.</summary>
    static async Task<long> Fill(TestWorkspace test, int sent, int bounced, int complained)
    {
        var mailbox = await test.AddMailbox();
        await test.AddLeads(Math.Max(bounced, complained) + 1);
        var campaign = await test.Start(mailbox);
        await test.Write();
        await Events(test, "sent", sent);
        await Events(test, "bounced", bounced);
        await Events(test, "complained", complained);
        return campaign;
    }

    /// <summary>Sends may repeat a message; what comes back is counted once for each message.</summary>
    static Task Events(TestWorkspace test, string kind, int count) => test.Do(
        """
        insert into events (
            workspace_id, kind, campaign_id, enrollment_id, message_id, contact_id, occurred_at)
        select m.workspace_id, @kind, e.campaign_id, e.id, m.id, m.contact_id, @now
        from generate_series(0, @count - 1) n
        join lateral (
            select m.* from messages m order by m.id
            offset n % (select count(*) from messages) limit 1) m on true
        join enrollments e on e.workspace_id = m.workspace_id and e.id = m.enrollment_id
        """,
        new { kind, count, now = test.Time.GetUtcNow() });
}
