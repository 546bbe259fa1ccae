using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Overture.Mail;

/// <summary>The stream below a session: opening, encryption, time-outs and the wire log.</summary>
sealed class ImapConnection : IAsyncDisposable
{
    /// <summary>How long opening a connection may take, encryption and greeting included.</summary>
    public static readonly TimeSpan OpenTimeOut = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the server may be silent while an answer is due (RFC 3501 section 5.4 is about idling).
    /// </summary>
    public static readonly TimeSpan SilenceTimeOut = TimeSpan.FromSeconds(60);

    static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(2);

    readonly ImapServer server;
    readonly ImapOptions options;
    Stream stream;
    ImapReader reader;
    (CancellationTokenSource Deadline, TimeSpan Limit)? silence;

    ImapConnection(ImapServer server, ImapOptions options, Stream stream, bool encrypted)
    {
        (this.server, this.options, this.stream, IsEncrypted) = (server, options, stream, encrypted);
        reader = new ImapReader(stream, Progress);
    }

    public bool IsEncrypted { get; private set; }

    /// <summary>Whether the server is on this machine, where secrets may travel unencrypted.</summary>
    public bool IsLocal { get; private init; }

    public static async Task<ImapConnection> Open(
        ImapServer server, ImapOptions options, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(
                SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)KeepAlive.TotalSeconds);
            await socket.ConnectAsync(server.Host, server.Port, cancel);
            Stream opened = new NetworkStream(socket, ownsSocket: true);
            var encrypted = server.Security == ImapSecurity.ImplicitTls;
            if (encrypted) opened = await ImapTls.Open(opened, server, options, cancel);
            var local = socket.RemoteEndPoint is IPEndPoint { Address: var address }
                && IPAddress.IsLoopback(address);
            return new ImapConnection(server, options, opened, encrypted) { IsLocal = local };
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new ImapFailed(ImapFailureKind.Unreachable,
                $"No connection to {server.Host}, port {server.Port}: {failure.Message}", failure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Encrypts the connection. Whatever was received before is dropped, because anyone on the way may have
    /// put it there.
    /// </summary>
    public async Task StartTls(CancellationToken cancel)
    {
        stream = await ImapTls.Open(stream, server, options, cancel);
        reader = new ImapReader(stream, Progress);
        IsEncrypted = true;
    }

    /// <summary>Writes bytes; the log takes the words given instead of them.</summary>
    public async Task Write(ReadOnlyMemory<byte> bytes, string? logged, CancellationToken cancel)
    {
        if (logged is not null) options.WireLog?.Client(logged);
        await Guard(async token =>
        {
            await stream.WriteAsync(bytes, token);
            await stream.FlushAsync(token);
            return true;
        }, SilenceTimeOut, cancel);
    }

    /// <summary>Reads one response.</summary>
    /// <param name="target">See <see cref="ImapReader.Read"/>.</param>
    /// <param name="limit">How long the server may be silent.</param>
    /// <param name="cancel">Ends the wait; the connection is of no use afterwards.</param>
    public async Task<ImapLine> Read(
        Func<ReadOnlyMemory<byte>, long, Stream?>? target, TimeSpan limit, CancellationToken cancel)
    {
        var line = await Guard(async token => await reader.Read(target, token), limit, cancel)
            ?? throw new ImapFailed(ImapFailureKind.Disconnected, $"{server.Host} closed the connection.");
        options.WireLog?.Server(Describe(line));
        return line;
    }

    async Task<T> Guard<T>(Func<CancellationToken, Task<T>> act, TimeSpan limit, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(limit, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        silence = (deadline, limit);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ImapFailed(ImapFailureKind.TimeOut, $"{server.Host} did not answer in time.");
        }
        catch (Exception failure) when (
            failure is not ImapFailed and (IOException or ObjectDisposedException))
        {
            throw new ImapFailed(
                ImapFailureKind.Disconnected, $"The connection to {server.Host} was lost.", failure);
        }
        finally
        {
            silence = null;
        }
    }

    // Bytes that arrive end the silence, so that a large message may take longer than a short answer.
    void Progress()
    {
        if (silence is { } now) now.Deadline.CancelAfter(now.Limit);
    }

    static string Describe(ImapLine line)
    {
        var text = new StringBuilder(line.Tag);
        if (line.Number is { } number) text.Append(' ').Append(number);
        text.Append(' ').Append(line.Command);
        if (line.Code is { } code) text.Append(" [").AppendJoin(' ', code.Select(Describe)).Append(']');
        // A continuation may carry a token's claims; state texts never hold secrets.
        if (line.Tag != "+" && line.Text is { } said) text.Append(' ').Append(said);
        foreach (var value in line.Values.TakeWhile(_ => text.Length < WireLog.LineLengthLimit))
            text.Append(' ').Append(Describe(value));
        return text.ToString();
    }

    static string Describe(ImapValue value) => value.Kind switch
    {
        ImapKind.Nil => "NIL",
        ImapKind.List => "(" + string.Join(' ', value.Items.Take(50).Select(Describe)) + ")",
        ImapKind.Literal => $"{{{value.Bytes.Length} bytes}}",
        ImapKind.Quoted => $"\"{value.Text}\"",
        _ => value.Section is null ? value.Text! : value.Text + "[...]",
    };


    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
