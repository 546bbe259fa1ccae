using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Overture.Mail.Dns;

/// <summary>
/// A stub resolver (RFC 1035, RFC 7766, RFC 6891): UDP first, TCP when the reply is cut short, each resolver
/// in turn, answers kept as long as they may be. A failure is an answer of its own and is never kept for
/// long.
/// </summary>
public sealed class DnsClient : IDnsSource
{
    /// <summary>How long one resolver may take for one attempt.</summary>
    public static readonly TimeSpan AttemptTimeOut = TimeSpan.FromSeconds(3);

    /// <summary>How often each resolver is asked.</summary>
    public const int Rounds = 2;

    /// <summary>The longest time a record is kept, whatever its own time to live.</summary>
    public static readonly TimeSpan LongestKept = TimeSpan.FromHours(1);

    /// <summary>The time that "no such name" and "no such record" are kept (RFC 2308).</summary>
    public static readonly TimeSpan NegativeKept = TimeSpan.FromMinutes(1);

    /// <summary>The most answers kept at a time.</summary>
    public const int MostKept = 10_000;

    /// <summary>The most resolvers used.</summary>
    public const int MostResolvers = 3;

    const int DnsPort = 53;
    const string ResolverFile = "/etc/resolv.conf";

    readonly IPEndPoint[] resolvers;
    readonly TimeProvider time;
    readonly ConcurrentDictionary<(string Name, DnsType Type), (DnsAnswer Answer, DateTimeOffset Until)>
        kept = new();

    /// <summary>
    /// A client of the machine's resolvers (/etc/resolv.conf; 127.0.0.1 when it names none).
    /// </summary>
    /// <param name="time">The clock of the cache.</param>
    public DnsClient(TimeProvider time) : this(time, ReadResolvers(ResolverFile)) { }

    /// <summary>A client of the resolvers given.</summary>
    /// <param name="time">The clock of the cache and of the time-outs.</param>
    /// <param name="resolvers">Recursive resolvers, best first.</param>
    public DnsClient(TimeProvider time, IEnumerable<IPEndPoint> resolvers)
    {
        this.time = time;
        this.resolvers = [.. resolvers.Take(MostResolvers)];
        if (this.resolvers.Length == 0)
            throw new ArgumentException("Name at least one resolver.", nameof(resolvers));
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> Ask(string name, DnsType type, CancellationToken cancel = default)
    {
        var key = (name.TrimEnd('.').ToLowerInvariant(), type);
        if (kept.TryGetValue(key, out var known) && known.Until > time.GetUtcNow()) return known.Answer;
        var answer = await AskResolvers(key.Item1, type, cancel);
        Keep(key, answer);
        return answer;
    }

    async Task<DnsAnswer> AskResolvers(string name, DnsType type, CancellationToken cancel)
    {
        var last = DnsAnswer.Empty(DnsOutcome.TimeOut);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var resolver in resolvers)
            {
                // Ids come from the cryptographic source: a guessable one invites forged replies (RFC 5452).
                var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
                // A name that has no form on the wire does not exist.
                if (DnsMessage.Query(id, name, type) is not { } query)
                    return DnsAnswer.Empty(DnsOutcome.NoSuchName);
                last = await AskOne(resolver, query, name, type, cancel);
                if (!last.IsUnknown) return last;
            }
        }

        return last;
    }

    async Task<DnsAnswer> AskOne(
        IPEndPoint resolver, byte[] query, string name, DnsType type, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(AttemptTimeOut, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            var reply = await OverUdp(resolver, query, either.Token);
            if (DnsMessage.IsTruncated(reply)) reply = await OverTcp(resolver, query, either.Token);
            return DnsMessage.Read(reply, name, type);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return DnsAnswer.Empty(DnsOutcome.TimeOut);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return DnsAnswer.Empty(DnsOutcome.ServerFailure);
        }
    }

    static async Task<byte[]> OverUdp(IPEndPoint resolver, byte[] query, CancellationToken cancel)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(resolver, cancel);
        await socket.SendAsync(query, SocketFlags.None, cancel);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, SocketFlags.None, cancel);
            // Anything that is not the reply to this very query is passed over until the time is up.
            if (DnsMessage.Answers(buffer.AsSpan(0, length), query)) return buffer[..length];
        }
    }

    static async Task<byte[]> OverTcp(IPEndPoint resolver, byte[] query, CancellationToken cancel)
    {
        using var socket = new Socket(resolver.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(resolver, cancel);
        await using var stream = new NetworkStream(socket);
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancel);
        var size = new byte[2];
        await stream.ReadExactlyAsync(size, cancel);
        var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
        await stream.ReadExactlyAsync(reply, cancel);
        if (!DnsMessage.Answers(reply, query))
            throw new IOException("The resolver answered another question.");
        return reply;
    }

    void Keep((string, DnsType) key, DnsAnswer answer)
    {
        var life = answer.Outcome switch
        {
            DnsOutcome.Records => answer.Records.Min(record => record.TimeToLive),
            DnsOutcome.NoSuchName or DnsOutcome.NoSuchRecord => NegativeKept,
            _ => TimeSpan.Zero,
        };
        if (life <= TimeSpan.Zero) return;
        var now = time.GetUtcNow();
        if (kept.Count >= MostKept)
        {
            foreach (var (old, value) in kept)
                if (value.Until <= now) kept.TryRemove(old, out _);
            if (kept.Count >= MostKept) kept.Clear();
        }

        kept[key] = (answer, now + (life < LongestKept ? life : LongestKept));
    }

    static IEnumerable<IPEndPoint> ReadResolvers(string path)
    {
        var found = File.Exists(path)
            ? File.ReadLines(path)
                .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["nameserver", _, ..])
                .Select(words =>
                    IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, DnsPort) : null)
                .OfType<IPEndPoint>()
                .ToList()
            : [];
        return found.Count > 0 ? found : [new IPEndPoint(IPAddress.Loopback, DnsPort)];
    }
}
