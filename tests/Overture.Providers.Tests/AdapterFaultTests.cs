using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests;

/// <summary>
/// Every misbehaviour against every adapter: the right class, no storm, nothing thrown, no secret told.
/// </summary>
public class AdapterFaultTests
{
    const int MaxAttempts = 4;
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public static MatrixTheoryData<string, ProviderFault> Matrix { get; } =
        new(Adapter.All.Select(adapter => adapter.Name), Enum.GetValues<ProviderFault>());

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Misbehaviour_gets_its_class_without_a_storm(string name, ProviderFault fault)
    {
        await using var server = await TestOutbound.Server();
        using var outbound = new TestOutbound(
            longestAttempt: fault is ProviderFault.SlowBody or ProviderFault.SlowHeaders ? Patience : null);
        var adapter = Adapter.Of(name);
        server.Fault("/", fault);

        var failure = await adapter.Call(new Uri(server.Url, adapter.Folder), outbound.Http, null);

        Assert.NotNull(failure);
        Assert.Contains(failure.Kind, Expected(name, fault));
        Assert.InRange(server.Requests.Count, 1, MaxAttempts);
        if (!adapter.IsRepeatable && failure.Kind is FailureKind.Unavailable or FailureKind.Timeout)
            Assert.Equal(adapter.IsRepeatable ? MaxAttempts : 1, server.Requests.Count);
        Assert.DoesNotContain("the-secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(server.Requests.Count, outbound.Calls.Count);
        Assert.All(outbound.Calls, call => Assert.NotEqual("ok", call.Outcome));
    }

    [Theory]
    [MemberData(nameof(Adapter.Names), MemberType = typeof(Adapter))]
    public async Task An_untrusted_certificate_is_told(string name)
    {
        await using var server = await TestOutbound.Server();
        using var outbound = new TestOutbound();

        var failure = await Adapter.Of(name).Call(new Uri(server.UntrustedUrl, name), outbound.Http, null);

        Assert.Equal(FailureKind.Untrusted, failure!.Kind);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Adapter.Names), MemberType = typeof(Adapter))]
    public async Task The_breaker_opens_and_closes(string name)
    {
        await using var server = await TestOutbound.Server();
        using var outbound = new TestOutbound();
        var adapter = Adapter.Of(name);
        var url = new Uri(server.Url, adapter.Folder);
        if (adapter.Good.Length > 0) server.Play(adapter.Folder, adapter.Good);
        server.Fault("/", ProviderFault.ServerError);

        ProviderFailure? failure = null;
        for (var i = 0; i < 12 && failure?.Kind != FailureKind.CircuitOpen; i++)
            failure = await adapter.Call(url, outbound.Http, null);
        Assert.Equal(FailureKind.CircuitOpen, failure!.Kind);
        var sent = server.Requests.Count;
        Assert.Equal(FailureKind.CircuitOpen, (await adapter.Call(url, outbound.Http, null))!.Kind);
        Assert.Equal(sent, server.Requests.Count);

        outbound.Skipping.Advance(TimeSpan.FromMinutes(10));
        server.Behave();
        Assert.Null(await adapter.Call(url, outbound.Http, null));
        Assert.Null(await adapter.Call(url, outbound.Http, null));
    }

    [Theory]
    [MemberData(nameof(Adapter.Names), MemberType = typeof(Adapter))]
    public async Task The_spend_cap_holds(string name)
    {
        var adapter = Adapter.Of(name);
        Assert.SkipWhen(adapter.Cost == 0, "this service is free");
        await using var server = await TestOutbound.Server();
        using var outbound = new TestOutbound();
        server.Play(adapter.Folder, adapter.Good);
        var url = new Uri(server.Url, adapter.Folder);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => adapter.Call(url, outbound.Http, adapter.Cost * 3)));

        Assert.Equal(3, outcomes.Count(failure => failure is null));
        Assert.Equal(7, outcomes.Count(failure => failure?.Kind == FailureKind.BudgetSpent));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(adapter.Cost * 3, outbound.Budget.SpentToday(name));
        outbound.Skipping.Advance(TimeSpan.FromDays(1));
        Assert.Null(await adapter.Call(url, outbound.Http, adapter.Cost * 3));
    }

    static FailureKind[] Expected(string name, ProviderFault fault) => fault switch
    {
        ProviderFault.TooManyWithSeconds or ProviderFault.TooManyWithDate or ProviderFault.TooManyWithoutHint
            or ProviderFault.TooManyHuge =>
                [name == "hunter" ? FailureKind.QuotaExhausted : FailureKind.RateLimited],
        ProviderFault.ServerError or ProviderFault.GatewayHtml or ProviderFault.Reset =>
            [FailureKind.Unavailable],
        ProviderFault.EndlessStream or ProviderFault.GzipBomb => [FailureKind.TooLarge],
        ProviderFault.RedirectToLoopback => [FailureKind.UnsafeAddress, FailureKind.Malformed],
        ProviderFault.SlowBody or ProviderFault.SlowHeaders => [FailureKind.Timeout],
        ProviderFault.Forbidden => name switch
        {
            "hunter" => [FailureKind.RateLimited], "sec_edgar" => [FailureKind.NotFound], _ =>
                [FailureKind.Forbidden],
        },
        // Legal JSON that says something else: unreadable, or nobody found.
        ProviderFault.DuplicateKeys => [FailureKind.Malformed, FailureKind.NotFound],
        _ => [FailureKind.Malformed],
    };
}
