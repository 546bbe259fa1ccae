using System.Runtime.Versioning;
using Npgsql;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>What a dead node leaves behind, and what the database itself refuses whatever the code
/// believes.</summary>
[SupportedOSPlatform("linux")]
public sealed class SendRecoveryTests
{
    const int DeadNode = 1000; // Its lock is free.

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_of_a_dead_node_goes_back_at_once_with_a_higher_fence()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 2);
        await Claim(test, "claimed");
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("planned 2", await test.States("send_intents"));
        Assert.Equal(2, await test.Ask<long>("select max(fence) from send_intents"));
        await test.Send();
        Assert.Equal(2, sink.Messages.Count);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_claim_of_a_living_node_is_left_alone_until_its_lease_ends()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await Claim(test, "claimed", test.Node.Id);
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("claimed 1", await test.States("send_intents"));
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(16));
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("planned 1", await test.States("send_intents"));
    }

    [Fact]
    public async Task A_submission_of_a_dead_node_is_uncertain_and_never_sent_again()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await Claim(test, "submitting", "smtp");
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("uncertain 1", await test.States("send_intents"));
        Assert.Equal("sent 1", await test.States("messages"));
        Assert.Equal("open 1", await test.States("tasks"));
        Assert.Equal("completed", await test.Ask<string>("select finish_reason from enrollments"));
        Assert.Equal(0, await test.Send());
        Assert.Empty(sink.Messages);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_captured_submission_of_a_dead_node_is_simply_done_again()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await Claim(test, "submitting", "capture");
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("planned 1", await test.States("send_intents"));
        await test.Send();
        Assert.Equal("captured 1", await test.States("send_intents"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from captured_mail"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_recovered_submission_of_a_finished_enrollment_is_cancelled()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await Claim(test, "submitting", "capture");
        await test.Get<Suppressions>().Add(test.Id, "ann1@client.example", "manual", null, "test", Cancel);
        await test.Get<SendRecovery>().Run(Cancel);
        Assert.Equal("cancelled 1", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task The_database_refuses_a_second_attempt_that_may_reach_somebody()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        await test.Send();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => AddAttempt(test, "smtp"));
        Assert.Equal("send_attempts_one_per_intent", refused.ConstraintName);
        // The index is what refuses: without it the second attempt would stand.
        await test.Do("drop index send_attempts_one_per_intent");
        await AddAttempt(test, "smtp");
        Assert.Contains(
            await Invariants.Broken(test.Database, Cancel), line =>
                line.StartsWith("I1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("rejected")]
    [InlineData("assumed")]
    [InlineData("cancelled")]
    public async Task The_database_lets_no_final_state_be_left(string final)
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Do("update send_intents set state = @final", new { final });
        foreach (var other in new[] { "planned", "uncertain", "captured" })
            await Assert.ThrowsAsync<PostgresException>(
                () => test.Do("update send_intents set state = @other", new { other }));
        await test.Do("update send_intents set reason = 'the same state may be said better'");
        Assert.Equal($"{final} 1", await test.States("send_intents"));
    }

    [Fact]
    public async Task The_database_lets_no_fence_shrink_and_an_old_one_touches_nothing()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Do("update send_intents set fence = 7");
        await Assert.ThrowsAsync<PostgresException>(() => test.Do("update send_intents set fence = 6"));
        await test.Do("update send_intents set state = 'claimed', owner = 1, lease_until = '2030-01-01'");
        var old = new SendIntent
        {
            WorkspaceId = test.Id, Id = await test.Ask<long>("select id from send_intents"), Fence = 6,
        };
        var touched = await test.Database.InWorkspace(
            test.Id,
            async session =>
            {
                var now = test.Time.GetUtcNow().UtcDateTime;
                var batch = session.Together();
                var submitted = IntentStore.Submit(batch, [old], ["client.example"], 1, "smtp", now);
                await batch.Send(Cancel);
                return submitted.Values.Count + await IntentStore.Settle(
                    session, old, IntentState.Planned, null, null, now, Cancel);
            },
            Cancel);
        Assert.Equal(0, touched);
    }

    [Fact]
    public async Task Every_invariant_query_runs_and_an_orphan_is_found()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.HoldsInvariants();
        await Claim(test, "submitting", "smtp");
        Assert.Contains(
            await Invariants.Broken(test.Database, Cancel), line =>
                line.StartsWith("I5", StringComparison.Ordinal));
        await test.Do("update send_intents set state = 'accepted', owner = null");
        Assert.Contains(
            await Invariants.Broken(test.Database, Cancel), line =>
                line.StartsWith("I3", StringComparison.Ordinal));
    }

    // What a node that died at this point would leave.
    static async Task Claim(TestWorkspace test, string state, string? transport = null)
    {
        await Claim(test, state, DeadNode);
        if (transport is null) return;
        await test.Do("update messages set state = 'sending'");
        await AddAttempt(test, transport);
    }

    static Task Claim(TestWorkspace test, string state, int node) => test.Do(
        """
        update send_intents set state = @state, owner = @node, fence = fence + 1, lease_until = @until;
        update send_due set owner = @node
        """,
        new { state, node, until = test.Time.GetUtcNow().AddMinutes(15).UtcDateTime });

    static Task AddAttempt(TestWorkspace test, string transport) => test.Do(
        """
        insert into send_attempts (workspace_id, intent_id, fence, owner, mailbox_id, transport, state,
                                   recipient_domain, submitted_at)
        select workspace_id, id, fence + 1, 1000, mailbox_id, @transport, 'submitting', 'client.example', @now
        from send_intents
        """,
        new { transport, now = test.Time.GetUtcNow().UtcDateTime });
}
