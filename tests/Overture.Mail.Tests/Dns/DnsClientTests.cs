using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Overture.Mail.Dns;
using Overture.Testing;

namespace Overture.Mail.Tests.Dns;

public sealed class DnsClientTests : IAsyncDisposable
{
    readonly UdpClient udp;
    readonly TcpListener tcp;
    readonly ManualTime time = new();
    readonly Task serving;
    readonly Task servingTcp;
    Func<byte[], byte[]?> answer = _ => null;
    int asked;
    int askedByTcp;

    public DnsClientTests()
    {
        (udp, tcp) = BothOnOnePort();
        serving = Serve();
        servingTcp = ServeTcp();
    }

    IPEndPoint Resolver => (IPEndPoint)udp.Client.LocalEndPoint!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        udp.Dispose();
        tcp.Stop();
        await serving;
        await servingTcp;
    }

    // A port that is free for the one may be taken for the other; then another one is tried.
    static (UdpClient Udp, TcpListener Tcp) BothOnOnePort()
    {
        while (true)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException)
            {
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    async Task Serve()
    {
        try
        {
            while (true)
            {
                var query = await udp.ReceiveAsync();
                Interlocked.Increment(ref asked);
                if (answer(query.Buffer) is { } reply) await udp.SendAsync(reply, query.RemoteEndPoint);
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException)
        {
            return;
        }
    }

    async Task ServeTcp()
    {
        try
        {
            while (true)
            {
                using var client = await tcp.AcceptTcpClientAsync();
                Interlocked.Increment(ref askedByTcp);
                var stream = client.GetStream();
                var size = new byte[2];
                await stream.ReadExactlyAsync(size);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                await stream.ReadExactlyAsync(query);
                var reply = Txt(query, 60, new string('x', 200), new string('y', 200));
                BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)reply.Length);
                await stream.WriteAsync((byte[])[.. size, .. reply]);
            }
        }
        catch (Exception over) when (
            over is ObjectDisposedException or SocketException or InvalidOperationException)
        {
            return;
        }
    }

    // The question again, with a code, and with one TXT record that points back to the name.
    static byte[] Txt(byte[] query, int life, params string[] strings)
    {
        byte[] data = [.. strings.SelectMany(one =>
            (byte[])[(byte)one.Length, .. Encoding.Latin1.GetBytes(one)])];
        byte[] record = [0xc0, 12, 0, 16, 0, 1, 0, 0, 0, (byte)life, (byte)(data.Length >> 8),
            (byte)data.Length];
        var reply = Empty(query, 0);
        reply[7] = 1;
        return [.. reply, .. record, .. data];
    }

    static byte[] Empty(byte[] query, byte code)
    {
        var reply = query[..^11];
        (reply[2], reply[3], reply[11]) = (0x81, (byte)(0x80 | code), 0);
        return reply;
    }

    [Fact]
    public async Task Records_are_read_and_kept_as_long_as_they_may_be()
    {
        answer = query => Txt(query, 60, "v=spf1 ", "-all");
        var client = new DnsClient(time, [Resolver]);
        for (var i = 0; i < 3; i++)
            Assert.Equal("v=spf1 -all", (await client.Ask("a.example", DnsType.Txt, Cancel))
                .Records[0].Value);
        Assert.Equal(1, asked);
        time.Advance(TimeSpan.FromSeconds(61));
        await client.Ask("A.example.", DnsType.Txt, Cancel);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(3, DnsOutcome.NoSuchName)]
    [InlineData(0, DnsOutcome.NoSuchRecord)]
    [InlineData(2, DnsOutcome.ServerFailure)]
    [InlineData(5, DnsOutcome.ServerFailure)]
    public async Task Answers_without_records_differ(byte code, DnsOutcome outcome)
    {
        answer = query => Empty(query, code);
        var client = new DnsClient(time, [Resolver]);
        Assert.Equal(outcome, (await client.Ask("a.example", DnsType.Mx, Cancel)).Outcome);
        // A failure is never kept.
        answer = query => Txt(query, 60, "found");
        var again = await client.Ask("a.example", DnsType.Mx, Cancel);
        Assert.Equal(outcome == DnsOutcome.ServerFailure ? DnsOutcome.NoSuchRecord : outcome, again.Outcome);
    }

    [Fact]
    public async Task A_reply_cut_short_is_asked_for_again_by_TCP()
    {
        answer = query =>
        {
            var reply = Empty(query, 0);
            reply[2] |= 0x02;
            return reply;
        };
        var found = await new DnsClient(time, [Resolver]).Ask("long.example", DnsType.Txt, Cancel);
        Assert.Equal(400, found.Records[0].Value.Length);
        Assert.Equal(1, askedByTcp);
    }

    [Fact]
    public async Task Silence_is_a_time_out_and_the_next_resolver_is_asked()
    {
        var client = new DnsClient(time, [Resolver]);
        var asking = client.Ask("slow.example", DnsType.A, Cancel).AsTask();
        await ImapWatchRun.AdvanceUntil(time, DnsClient.AttemptTimeOut, asking);
        Assert.Equal(DnsOutcome.TimeOut, (await asking).Outcome);
    }

    [Fact]
    public void A_reply_with_another_id_or_question_is_passed_over()
    {
        var query = DnsMessage.Query(7, "a.example", DnsType.Txt)!;
        var reply = Txt(query, 60, "x");
        Assert.True(DnsMessage.Answers(reply, query));
        reply[1] ^= 1;
        Assert.False(DnsMessage.Answers(reply, query));
        Assert.False(DnsMessage.Answers(Txt(DnsMessage.Query(7, "b.example", DnsType.Txt)!, 60, "x"), query));
    }

    [Fact]
    public void Mutated_replies_end_in_an_answer()
    {
        var random = new Random(7);
        var query = DnsMessage.Query(7, "a.example", DnsType.Txt)!;
        var reply = Txt(query, 60, "v=spf1 -all");
        for (var i = 0; i < 20_000; i++)
        {
            var copy = reply[..random.Next(12, reply.Length + 1)];
            for (var change = random.Next(1, 5); change > 0; change--)
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            Assert.NotNull(DnsMessage.Read(copy, "a.example", DnsType.Txt));
        }
    }
}
