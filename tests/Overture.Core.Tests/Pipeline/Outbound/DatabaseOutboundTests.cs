using System.Runtime.Versioning;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Providers.Outbound;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Pace, breakers and budgets hold over several processes, each with connections of its own.</summary>
[SupportedOSPlatform("linux")]
public sealed class DatabaseOutboundTests : IAsyncLifetime
{
    static readonly TimeSpan Long = TimeSpan.FromHours(1);
    TestWorkspace test = null!;
    TestWorkspace other = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        test = await TestWorkspace.Create(TimeProvider.System);
        other = await test.Again();
    }

    public async ValueTask DisposeAsync()
    {
        await other.DisposeAsync();
        await test.DisposeAsync();
    }

    [Fact]
    public async Task Evenly_spread_slots_of_two_nodes_never_come_closer_than_asked()
    {
        RateWindow[] windows = [new(8, TimeSpan.FromSeconds(1), IsSpread: true)];
        await Reserve(60, "edgar", windows);
        var slots = await Slots("edgar");
        // The lane keeps no more than it needs to know.
        Assert.Equal(8, slots.Count);
        Assert.All(slots.Zip(slots.Skip(1)), pair =>
            Assert.True(pair.Second - pair.First >= TimeSpan.FromMilliseconds(125)));
    }

    [Fact]
    public async Task Any_window_of_several_holds()
    {
        RateWindow[] windows = [new(5, TimeSpan.FromSeconds(1)), new(12, TimeSpan.FromMinutes(1))];
        await Reserve(40, "key", windows);
        var slots = await Slots("key");
        Assert.Equal(12, slots.Count);
        Assert.All(slots.Zip(slots.Skip(5)), pair =>
            Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1)));
        var first = slots[0];
        await Reserve(1, "key", windows);
        Assert.True((await Slots("key"))[^1] - first >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_wait_that_is_too_long_takes_no_slot()
    {
        RateWindow[] windows = [new(1, TimeSpan.FromMinutes(1))];
        await Reserve(1, "slow", windows);
        var before = await Slots("slow");
        var wait = await test.Get<IRateLimit>().Reserve("slow", windows, TimeSpan.FromSeconds(1), Cancel);
        Assert.InRange(wait, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
        Assert.Equal(before, await Slots("slow"));
    }

    [Fact]
    public async Task What_one_node_is_asked_to_wait_all_wait()
    {
        await test.Get<IRateLimit>().HoldUntil("held", TimeProvider.System.GetUtcNow().AddMinutes(10), Cancel);
        var wait = await other.Get<IRateLimit>().Reserve(
            "held", [new(100, TimeSpan.FromSeconds(1))], Long, Cancel);
        Assert.InRange(wait, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task What_one_node_finds_broken_the_other_does_not_call()
    {
        var profile = new ProviderProfile("shaky", []) { BreakerThreshold = 3 };
        var (here, there) = (test.Get<IBreakers>(), other.Get<IBreakers>());
        await here.Failed(profile, Cancel);
        await there.Failed(profile, Cancel);
        Assert.Null(await here.Refusal(profile, Cancel));
        await here.Failed(profile, Cancel);
        Assert.NotNull(await there.Refusal(profile, Cancel));

        // After the rest one of the two may try.
        await test.Do("update provider_breakers set open_until = clock_timestamp() - interval '1 second'");
        Assert.Null(await there.Refusal(profile, Cancel));
        Assert.NotNull(await here.Refusal(profile, Cancel));

        // A failed probe doubles the rest, a good one closes the circuit for all.
        await there.Failed(profile, Cancel);
        Assert.InRange(
            (await here.Refusal(profile, Cancel))!.Value, profile.BreakerRest * 1.5, profile.BreakerRest * 2);
        await there.Succeeded(profile, Cancel);
        Assert.Null(await here.Refusal(profile, Cancel));
    }

    [Fact]
    public async Task A_daily_budget_holds_however_many_ask_at_once()
    {
        WorkspaceAccount[] accounts = [Account(test), Account(other)];
        var granted = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            number => accounts[number % 2].TryReserve("hunter", 1.5m, 10, Cancel).AsTask()));
        Assert.Equal(6, granted.Count(isGranted => isGranted));
        await accounts[0].Settle("hunter", 1.5m, 0, Cancel);
        Assert.True(await accounts[1].TryReserve("hunter", 1.5m, 10, Cancel));
        Assert.False(await accounts[1].TryReserve("hunter", 1.5m, 10, Cancel));

        // Another workspace has a purse of its own.
        var stranger = await test.Get<Workspaces>().Add("Other", "UTC", Cancel);
        var purse = new WorkspaceAccount(test.Database, stranger, TimeProvider.System);
        Assert.True(await purse.TryReserve("hunter", 1.5m, 10, Cancel));
    }

    [Fact]
    public async Task Every_call_is_noted_with_its_cost_and_the_connection_knows_its_last_trouble()
    {
        await test.Get<Integrations>().Connect(
            test.Id, "hunter", new Dictionary<string, string?> { ["api_key"] = "the-secret" }, null, "test",
            Cancel);
        var at = TimeProvider.System.GetUtcNow();
        await Account(test).Record(
            new CallRecord("hunter", "email_finder", at, TimeSpan.FromMilliseconds(40), 1, 200, "ok", 1, 120),
            Cancel);
        await Account(test).Record(
            new CallRecord("hunter", "email_finder", at, TimeSpan.FromSeconds(2), 1, 500, "unavailable", 0, 9),
            Cancel);
        var calls = await other.Get<Integrations>().Calls(test.Id, "hunter", null, 10, Cancel);
        Assert.Equal(["unavailable", "ok"], calls.Select(call => call.Outcome));
        var one = Assert.Single(await test.Get<Integrations>().List(test.Id, Cancel));
        Assert.Equal((2, "unavailable"), (one.CallsToday, one.LastFailure));
        Assert.NotNull(one.LastSuccessAt);
    }

    static WorkspaceAccount Account(TestWorkspace here) => new(here.Database, here.Id, TimeProvider.System);

    Task Reserve(int count, string lane, RateWindow[] windows) => Task.WhenAll(
        Enumerable.Range(0, count).Select(number => (number % 2 == 0 ? test : other).Get<IRateLimit>()
            .Reserve(lane, windows, Long, Cancel).AsTask()));

    async Task<IReadOnlyList<DateTime>> Slots(string lane) => await test.List<DateTime>(
        "select unnest(taken) from provider_lanes where lane = @lane", new { lane });
}
