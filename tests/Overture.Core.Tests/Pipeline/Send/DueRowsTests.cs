using System.Runtime.Versioning;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>The slim tables of what is due, beside whatever is done to the rows they are about.</summary>
[SupportedOSPlatform("linux")]
public sealed class DueRowsTests
{
    [Theory]
    [InlineData("update send_intents set due_at = due_at + interval '1 hour'", 4)]
    [InlineData("update enrollments set due_at = now()", 4)]
    [InlineData("update enrollments set state = 'paused' where id % 2 = 0", 2)]
    [InlineData("update enrollments set state = 'paused'; update enrollments set state = 'active'", 4)]
    [InlineData(Claim, 4)]
    [InlineData(Claim + "; update send_intents set state = 'submitting', mailbox_id = mailbox_id", 4)]
    [InlineData(Claim + "; update send_intents set state = 'accepted', owner = null", 0)]
    [InlineData(Claim + "; update enrollments set state = 'paused'; " + GiveBack, 0)]
    [InlineData("update send_intents set state = 'cancelled' where id % 2 = 0", 2)]
    [InlineData("delete from send_intents where id % 2 = 0", 2)]
    [InlineData("delete from enrollments", 0)]
    public async Task The_due_tables_say_what_the_rows_say(string change, int due)
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 4);
        await test.Do(change);
        await IsTold(test);
        Assert.Equal(due, await test.Ask<long>("select count(*) from send_due"));
    }

    [Fact]
    public async Task A_final_state_is_never_left_and_a_fence_never_shrinks()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Do("update send_intents set state = 'cancelled', fence = 2");
        foreach (var change in new[] { "state = 'planned'", "fence = 1" })
            Assert.Equal("P0001", (await Assert.ThrowsAsync<Npgsql.PostgresException>(
                () => test.Do($"update send_intents set {change}"))).SqlState);
    }

    [Fact]
    public async Task What_is_claimed_while_its_contact_is_paused_can_still_be_found()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await Meanwhile(test, Claim, "update enrollments set state = 'paused'");
        Assert.Equal(1, await test.Ask<int>("select owner from send_due"));
        await IsTold(test);
    }

    [Fact]
    public async Task What_is_given_back_while_its_contact_goes_on_is_due_again()
    {
        await using var test = await TestWorkspace.Create();
        await test.Ready(null, 1);
        await test.Do(Claim + "; update enrollments set state = 'paused'");
        await Meanwhile(test, GiveBack, "update enrollments set state = 'active'");
        Assert.True(await test.Ask<bool>("select owner is null from send_due"));
        await IsTold(test);
    }

    // The second change begins while the first is not committed yet, and has to wait for it.
    static async Task Meanwhile(TestWorkspace test, string first, string second)
    {
        await using var session = await test.Database.Open(test.Id, Cancel);
        await session.Run(first, null, Cancel);
        var changing = test.Do(second);
        await Waiting.Until(() => test.Ask<bool>(
            $"""
            select exists (select from pg_stat_activity where datname = current_database()
                and wait_event_type = 'Lock' and query = '{second.Replace("'", "''")}')
            """));
        await session.Commit(Cancel);
        await changing;
    }

    // Only half a change, so the other invariants do not hold.
    static async Task IsTold(TestWorkspace test) => Assert.DoesNotContain(
        await Invariants.Broken(test.Database, Cancel),
        one => one.Contains("The table of due", StringComparison.Ordinal));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    const string Claim =
        """
        update send_intents set state = 'claimed', owner = 1, fence = fence + 1;
        update send_due set owner = 1
        """;
    const string GiveBack = "update send_intents set state = 'planned', owner = null";
}
