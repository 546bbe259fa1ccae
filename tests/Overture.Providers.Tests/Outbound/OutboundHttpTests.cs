using System.Net;
using System.Net.Sockets;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Outbound;

public sealed class OutboundHttpTests : IDisposable
{
    static readonly ProviderProfile Profile = new("tested", []);

    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://user@127.0.0.1:{0}/")]
    [InlineData("https://localhost:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("ftp://example.com/")]
    [InlineData("https://example.com:8443/")]
    [InlineData("https://user:password@example.com/")]
    public async Task Private_addresses_are_never_reached(string form)
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        using var strict = Strict();

        var result = await strict.Send(
            Profile, Get(new Uri(string.Format(form, ((IPEndPoint)canary.LocalEndpoint).Port))));

        Assert.Equal(FailureKind.UnsafeAddress, result.Failure!.Kind);
        Assert.False(canary.Pending());
    }

    [Fact]
    public async Task A_name_that_resolves_to_this_machine_is_refused_at_the_connection()
    {
        using var strict = Strict();

        // Linux resolves every name below localhost to loopback; the address itself looks public.
        var result = await strict.Send(
            Profile with { MaxAttempts = 1 }, Get(new Uri($"https://{Dns.GetHostName()}/")));

        Assert.Contains(result.Failure!.Kind, new[] { FailureKind.UnsafeAddress, FailureKind.Unavailable });
    }

    [Fact]
    public async Task The_same_call_succeeds_where_loopback_is_allowed()
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Json("{}"));

        var result = await outbound.Http.Send(Profile, Get(server.For("tested")));

        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(result.Value.Body));
        Assert.Equal("ok", Assert.Single(outbound.Calls).Outcome);
    }

    [Fact]
    public async Task Redirects_may_not_leave_the_host_with_a_key()
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Text(302, "") with
        {
            Headers = new Dictionary<string, string> { ["Location"] = "https://elsewhere.example/" },
        });

        var result = await outbound.Http.Send(
            Profile, Get(server.For("tested"))
                with { Credential = new Credential("X-Key", "the-secret"), MayChangeHost = true });

        Assert.Equal(FailureKind.UnsafeAddress, result.Failure!.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Redirects_on_the_same_host_are_followed_three_times()
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Text(301, "") with
        {
            Headers = new Dictionary<string, string> { ["Location"] = "/tested/again" },
        });

        var result = await outbound.Http.Send(Profile with { MaxAttempts = 1 }, Get(server.For("tested")));

        Assert.Equal(FailureKind.Unavailable, result.Failure!.Kind);
        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData("2", 2, 4)]
    [InlineData("0", 0, 4)]
    [InlineData("9999999", 9999999, 1)]
    [InlineData("-5", 0, 4)]
    public async Task Retry_after_is_honoured_up_to_the_longest_pause(
        string header, int seconds, int attempts)
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Text(429, "") with
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = header },
        });

        var result = await outbound.Http.Send(Profile, Get(server.For("tested")));

        Assert.Equal(FailureKind.RateLimited, result.Failure!.Kind);
        Assert.Equal(Math.Min(seconds, 31 * 86400), result.Failure.RetryAfter!.Value.TotalSeconds, 1.0);
        Assert.Equal(attempts, server.Requests.Count);
        if (attempts > 1)
            Assert.All(outbound.Skipping.Pauses.Where(p => p > TimeSpan.Zero), p =>
                Assert.True(p.TotalSeconds <= seconds + 1));
    }

    [Fact]
    public async Task A_paid_question_whose_answer_was_lost_is_not_paid_twice()
    {
        await using var server = await TestOutbound.Server();
        server.Fault("/", ProviderFault.Reset);
        var question = new ProviderRequest("question", HttpMethod.Get, server.For("tested")) { Cost = 1 };

        var lost = await outbound.Http.Send(Profile, question);
        var paid = server.Requests.Count;
        var free = await outbound.Http.Send(Profile, question with { Cost = 0 });

        Assert.Equal((1, true), (paid, lost.Failure!.IsFateUnknown));
        Assert.Equal((1 + 4, true), (server.Requests.Count, free.Failure!.IsFateUnknown));
    }

    [Fact]
    public async Task A_call_that_reached_nobody_costs_nothing_and_is_made_again()
    {
        await using var server = await TestOutbound.Server();
        var dead = server.For("tested");
        await server.DisposeAsync();

        var result = await outbound.Http.Send(
            Profile, new ProviderRequest("question", HttpMethod.Get, dead) { Cost = 1 });

        Assert.Equal(
            (FailureKind.Unavailable, true, false),
            (result.Failure!.Kind, result.Failure.NeverArrived, result.Failure.IsFateUnknown));
        Assert.Equal((4, 0m), (outbound.Calls.Count, outbound.Budget.SpentToday("tested")));
    }

    [Fact]
    public async Task A_write_whose_fate_is_unknown_is_not_repeated()
    {
        await using var server = await TestOutbound.Server();
        server.Fault("/", ProviderFault.Reset);
        var write = new ProviderRequest("write", HttpMethod.Post, server.For("tested")) { Body = [1],
            Cost = 1 };

        await outbound.Http.Send(Profile, write);
        var written = server.Requests.Count;
        await outbound.Http.Send(Profile with { IsBilled = false }, write with { IsRepeatable = true });

        Assert.Equal(1, written);
        Assert.Equal(1 + 4, server.Requests.Count);
        // What may have been billed stays counted.
        Assert.Equal(5, outbound.Budget.SpentToday("tested"));
    }

    [Fact]
    public async Task Windows_hold_for_many_callers_at_once()
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Json("{}"));
        using var real = new TestOutbound(TimeProvider.System);
        var paced = Profile with { Windows = [new RateWindow(10, TimeSpan.FromSeconds(1), IsSpread: true)] };

        await Task.WhenAll(
            Enumerable.Range(0, 25).Select(_ => real.Http.Send(paced, Get(server.For("tested")))));

        Assert.Equal(25, server.Requests.Count);
        Assert.InRange(server.HighestRatePerSecond, 1, 10);
        server.Forget();
        await Task.WhenAll(
            Enumerable.Range(0, 25).Select(_ => real.Http.Send(Profile, Get(server.For("tested")))));
        Assert.Equal(25, server.HighestRatePerSecond);
    }

    [Fact]
    public async Task Secrets_are_not_repeated_in_failures()
    {
        await using var server = await TestOutbound.Server();
        server.Play("tested", RecordedAnswer.Text(401, "Key the-secret is unknown\r\nInjected: line"));
        var request = Get(server.For("tested")) with { Credential = new Credential("X-Key", "the-secret") };

        var result = await outbound.Http.Send(Profile, request);

        Assert.Equal("Key *** is unknown Injected: line", result.Failure!.Said);
        Assert.DoesNotContain("the-secret", request.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("Enter a valid key in the settings.", result.Failure.Sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Giving_up_is_not_a_failure_of_the_service()
    {
        await using var server = await TestOutbound.Server();
        server.Fault("/", ProviderFault.SlowHeaders);
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => outbound.Http.Send(Profile, Get(server.For("tested")), giveUp.Token));

        Assert.False(outbound.Breakers.Of(Profile).IsOpen);
    }

    static ProviderRequest Get(Uri address) => new("get", HttpMethod.Get, address);

    OutboundHttp Strict() => new(
        new OutboundOptions { AllowPlainHttp = true }, new ProcessRateLimit(outbound.Time), outbound.Breakers,
        outbound.Budget, outbound,
#pragma warning disable RS0030 // A seeded random source is what the tests inject.
        outbound.Time, new Random(7));
#pragma warning restore RS0030
}
