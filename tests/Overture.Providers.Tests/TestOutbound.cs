using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests;

/// <summary>
/// The one way out as the tests use it: loopback allowed, everything recorded, no real waiting.
/// </summary>
sealed class TestOutbound : IDisposable, ICallLog
{
    const string Absent = "outside test data is absent";

    public TestOutbound(TimeProvider? time = null, TimeSpan? longestAttempt = null)
    {
        Time = time ?? new SkippingTime();
        Budget = new ProcessBudget(Time);
        Breakers = new ProcessBreakers(Time);
#pragma warning disable RS0030 // A seeded random source is what the tests inject.
        Http = new OutboundHttp(
            new OutboundOptions { AllowLoopback = true, LongestAttempt = longestAttempt },
            new ProcessRateLimit(Time), Breakers, Budget, this, Time,
            new Random(7));
#pragma warning restore RS0030
    }

    public OutboundHttp Http { get; }

    public TimeProvider Time { get; }

    public ProcessBudget Budget { get; }

    public ProcessBreakers Breakers { get; }

    public List<CallRecord> Calls { get; } = [];

    public SkippingTime Skipping => (SkippingTime)Time;

    public static string Data(string relative)
    {
        var path = SharedData.PathOf(relative);
        Assert.SkipWhen(path is null, Absent);
        return path!;
    }

    public static Task<ProviderServer> Server() => ProviderServer.Start(Data("providers"));

    public ValueTask Record(CallRecord call, CancellationToken cancellation)
    {
        // Whatever a client calls can be read again from the kept answer.
        if (ProviderParse.Known.Any(known => known.Provider == call.Provider) && call.Operation != "test")
            Assert.NotNull(ProviderParse.Reader(call.Provider, call.Operation));
        lock (Calls) Calls.Add(call);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => Http.Dispose();
}
