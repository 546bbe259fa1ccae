using Overture.Testing;

namespace Overture.Mail.Tests;

public sealed class SmtpPoolTests
{
    static readonly SmtpEnvelope Envelope = new(
        EmailAddress.Parse("me@example.com"), [EmailAddress.Parse("you@example.org")]);

    readonly StoppedTime time = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_used_again()
    {
        await using var sink = SmtpSink.Start();
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);

        for (var i = 0; i < 5; i++)
            Assert.IsType<SendOutcome.Accepted>(await Send(pool, sink.ClientOptions()));

        Assert.Equal(1, sink.ConnectionCount);
        Assert.Equal(5, sink.Messages.Count);
        Assert.Equal(1, pool.IdleCount);
    }

    [Fact]
    public async Task Options_built_anew_still_share_a_session()
    {
        await using var sink =
            SmtpSink.Start(new SmtpSinkOptions { StartTls = true, User = "me", Password = "t" });
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);

        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<SendOutcome.Accepted>(await Send(pool, sink.ClientOptions() with
            {
                TrustedAuthorities = [.. SmtpSink.Authorities],
                Credentials = new SmtpCredentials.WithToken("me", _ => ValueTask.FromResult("t")),
            }));
        }

        Assert.Equal(1, sink.ConnectionCount);
    }

    [Fact]
    public async Task Another_login_never_gets_the_same_session()
    {
        await using var sink = SmtpSink.Start();
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);

        await Send(pool, sink.ClientOptions());
        await Send(pool, sink.ClientOptions() with { ClientName = "other.example" });
        Assert.Equal(1, sink.ConnectionCount);
        await using var other = await pool.Rent(
            sink.ClientOptions() with { Credentials = new SmtpCredentials.WithPassword("a", "b") }, Token);

        Assert.Equal(2, sink.ConnectionCount);
    }

    [Fact]
    public async Task No_more_than_the_limit_at_once()
    {
        await using var sink = SmtpSink.Start();
        await using var pool = new SmtpPool(new SmtpPoolOptions { ConnectionsPerHost = 2 }, time);
        var first = await pool.Rent(sink.ClientOptions(), Token);
        var second = await pool.Rent(sink.ClientOptions(), Token);

        var third = pool.Rent(sink.ClientOptions(), Token);
        Assert.False(third.IsCompleted);
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var rental = await third;

        Assert.NotNull(rental.Connection.Session);
        Assert.Equal(2, sink.ConnectionCount);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_session_idle_for_long_is_closed_and_one_idle_for_a_while_is_asked()
    {
        await using var sink = SmtpSink.Start();
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);
        await Send(pool, sink.ClientOptions());
        time.Advance(TimeSpan.FromSeconds(30));
        await Send(pool, sink.ClientOptions());
        Assert.Contains("NOOP", sink.Commands);
        Assert.Equal(1, sink.ConnectionCount);

        time.Advance(TimeSpan.FromMinutes(3));
        await pool.CloseStale();
        Assert.Equal(0, pool.IdleCount);
        await Send(pool, sink.ClientOptions());
        Assert.Equal(2, sink.ConnectionCount);
    }

    [Fact]
    public async Task A_session_with_a_refused_message_is_reset_when_asked()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = m => m.Line.Contains("gone", StringComparison.Ordinal) 
                ? SmtpSinkBehaviour.Answer5xx
                : null,
        });
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);
        await Send(pool, sink.ClientOptions(), "gone@example.org");
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.IsType<SendOutcome.Accepted>(await Send(pool, sink.ClientOptions()));

        Assert.Contains("RSET", sink.Commands);
        Assert.Equal(1, sink.ConnectionCount);
    }

    [Fact]
    public async Task A_session_the_server_closed_is_not_given_out()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = m => m is { Stage: SmtpStage.Dot, Connection: 1 } ? SmtpSinkBehaviour.OkThenClose : null,
        });
        await using var pool = new SmtpPool(new SmtpPoolOptions(), time);
        await using (var rental = await pool.Rent(sink.ClientOptions(), Token))
        {
            var session = rental.Connection.Session!;
            Assert.IsType<SendOutcome.Accepted>(await session.Send(Envelope, "x\r\n"u8.ToArray(), Token));
            Assert.True(SpinWait.SpinUntil(() => session.HasNews, TimeSpan.FromSeconds(10)));
        }

        Assert.IsType<SendOutcome.Accepted>(await Send(pool, sink.ClientOptions()));
        Assert.Equal(2, sink.ConnectionCount);
    }

    [Fact]
    public async Task A_fault_is_handed_on_and_frees_its_place()
    {
        await using var sink = SmtpSink.Start(new SmtpSinkOptions
        {
            Fault = SmtpSinkFault.At(SmtpStage.Banner, SmtpSinkBehaviour.Answer421),
        });
        await using var pool = new SmtpPool(new SmtpPoolOptions { ConnectionsPerHost = 1 }, time);

        for (var i = 0; i < 3; i++)
        {
            await using var rental = await pool.Rent(sink.ClientOptions(), Token);
            Assert.Equal(421, rental.Connection.Fault!.Code);
        }
    }

    static async Task<SendOutcome> Send(SmtpPool pool, SmtpOptions options, string to = "you@example.org")
    {
        await using var rental = await pool.Rent(options, Token);
        var envelope = Envelope with { Recipients = [EmailAddress.Parse(to)] };
        return await rental.Connection.Session!.Send(envelope, "x\r\n"u8.ToArray(), Token);
    }

    /// <summary>A clock that moves only when told; its timers never fire.</summary>
    sealed class StoppedTime : TimeProvider
    {
        long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
    }
}
