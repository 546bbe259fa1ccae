using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Model;

/// <summary>A restored or copied database sends nothing until a person has looked.</summary>
[SupportedOSPlatform("linux")]
public sealed class QuarantineTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("overture-witness-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_ordinary_restart_sends_on()
    {
        await using var test = await TestWorkspace.Create();
        var quarantine = Quarantine(test);
        Assert.Null(await quarantine.Look(Cancel));
        ((ManualTime)test.Time).Advance(TimeSpan.FromHours(20));
        Assert.Null(await quarantine.Look(Cancel));
        // Another node joins a living instance without a witness of its own.
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(2));
        Assert.Null(
            await new Quarantine(test.Database, Path.Combine(folder, "second"), test.Time).Look(Cancel));
    }

    public static TheoryData<string, string> Copies => new()
    {
        { "update instance set system_identifier = 'another server'", "moved or restored to another server" },
        { "update instance set alive_at = alive_at - interval '1 hour'", "restored from a backup" },
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public async Task A_copy_sends_nothing_until_it_is_released(string change, string words)
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        await test.Ready(sink, 1);
        var quarantine = Quarantine(test);
        Assert.Null(await quarantine.Look(Cancel));
        await test.Do(change);
        Assert.Contains(words, await quarantine.Look(Cancel), StringComparison.Ordinal);
        await test.Send();
        Assert.Empty(sink.Messages);
        Assert.Equal("planned 1", await test.States("send_intents"));
        await quarantine.Release("Ada", Cancel);
        Assert.Null(await quarantine.Look(Cancel));
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(2));
        await test.Send();
        Assert.Single(sink.Messages);
        Assert.Equal(2, await test.Ask<int>("select epoch from send_attempts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_stranger_and_a_long_sleep_are_found_out()
    {
        await using var test = await TestWorkspace.Create();
        Assert.Null(await Quarantine(test).Look(Cancel));
        ((ManualTime)test.Time).Advance(TimeSpan.FromMinutes(30));
        var stranger = new Quarantine(test.Database, Path.Combine(folder, "elsewhere"), test.Time);
        Assert.Contains("may be a copy", await stranger.Look(Cancel), StringComparison.Ordinal);
        await stranger.Release("Ada", Cancel);
        ((ManualTime)test.Time).Advance(TimeSpan.FromDays(3));
        Assert.Contains("what is due is late", await stranger.Look(Cancel), StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<RuleBroken>(async () =>
        {
            await stranger.Release("Ada", Cancel);
            await stranger.Release("Ada", Cancel);
        });
        Assert.Equal("not_in_quarantine", again.Code);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    Quarantine Quarantine(TestWorkspace test) => new(test.Database, folder, test.Time);
}
