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
        // Only half a change, so the other invariants do not hold.
        var broken = await Invariants.Broken(test.Database, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(broken, one => one.Contains("The table of due", StringComparison.Ordinal));
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

    const string Claim = "update send_intents set state = 'claimed', owner = 1, fence = fence + 1";
    const string GiveBack = "update send_intents set state = 'planned', owner = null";
}
