using System.Text;

namespace Overture.Mail;

/// <summary>
/// A conversation with an IMAP server (RFC 3501, RFC 9051). Commands wait for each other, so a session may be
/// shared between threads. A command that is cancelled or fails mid-answer ends the session; one that the
/// server refuses does not. Nothing is marked as read unless <see cref="SetFlags"/> is called.
/// </summary>
public sealed partial class ImapSession : IAsyncDisposable
{
    /// <summary>How long one command may take altogether, however the server drips its answer.</summary>
    public static readonly TimeSpan CommandTimeOut = TimeSpan.FromMinutes(10);

    const int LargestSmallLiteralBytes = 4_096;

    static readonly string[] Wanted = ["CONDSTORE", "UTF8=ACCEPT"];

    readonly ImapConnection connection;
    readonly ImapServer server;
    readonly ImapOptions options;
    readonly SemaphoreSlim gate = new(1, 1);
    readonly HashSet<string> enabled = new(StringComparer.OrdinalIgnoreCase);
    HashSet<string> capabilities = new(StringComparer.OrdinalIgnoreCase);
    string? farewell;
    int lastTag;

    ImapSession(ImapConnection connection, ImapServer server, ImapOptions options) =>
        (this.connection, this.server, this.options) = (connection, server, options);

    /// <summary>What the server says it can do, such as IDLE or MOVE.</summary>
    public IReadOnlySet<string> Capabilities => capabilities;

    /// <summary>Whether the session can no longer be used.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Connects, encrypts and logs in.</summary>
    /// <param name="server">Where and how to connect.</param>
    /// <param name="login">What to log in with.</param>
    /// <param name="options">The surroundings; null for the usual ones.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="ImapFailed">The connection, the encryption or the login failed.</exception>
    public static async Task<ImapSession> Connect(
        ImapServer server, ImapLogin login, ImapOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new ImapOptions();
        using var deadline = new CancellationTokenSource(ImapConnection.OpenTimeOut, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        ImapSession? session = null;
        try
        {
            var opened = await ImapConnection.Open(server, options, either.Token);
            session = new ImapSession(opened, server, options);
            await session.Greet(either.Token);
            await session.LogIn(login, either.Token);
            await session.Introduce(either.Token);
            return session;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            if (session is not null) await session.DisposeAsync();
            throw new ImapFailed(ImapFailureKind.TimeOut, $"{server.Host} did not answer in time.");
        }
        catch
        {
            if (session is not null) await session.DisposeAsync();
            throw;
        }
    }

    async Task Greet(CancellationToken cancel)
    {
        var greeting = await connection.Read(null, ImapConnection.OpenTimeOut, cancel);
        if (greeting.Command is not ("OK" or "PREAUTH")) throw Refusal(greeting, ImapFailureKind.Busy);
        Note(greeting);
        // A server that logs us in before encryption would keep us from ever asking for it.
        if (greeting.Command == "PREAUTH" && server.Security == ImapSecurity.StartTls)
            throw new ImapFailed(ImapFailureKind.NotEncrypted,
                $"{server.Host} does not encrypt the connection.");
        isLoggedIn = greeting.Command == "PREAUTH";
        if (capabilities.Count == 0) await Run(new ImapCommand("CAPABILITY"), cancel);
        if (server.Security != ImapSecurity.StartTls) return;
        if (!Can("STARTTLS"))
            throw new ImapFailed(ImapFailureKind.NotEncrypted,
                $"{server.Host} offers no encryption on port {server.Port}. Try port 993 with TLS.");
        await Run(new ImapCommand("STARTTLS"), cancel);
        await connection.StartTls(cancel);
        capabilities.Clear();
        await Run(new ImapCommand("CAPABILITY"), cancel);
    }

    async Task Introduce(CancellationToken cancel)
    {
        if (Can("ID")) await Run(new ImapCommand("ID (\"name\"").String(options.ClientName).Add(")"), cancel);
        string[] wanted = [.. Wanted.Where(Can)];
        if (Can("ENABLE") && wanted.Length > 0)
            await Run(new ImapCommand("ENABLE " + string.Join(' ', wanted)), cancel);
    }

    /// <summary>Whether the server can do something.</summary>
    /// <param name="capability">A capability, such as MOVE.</param>
    public bool Can(string capability) => capabilities.Contains(capability);

    /// <summary>Says goodbye and closes the connection.</summary>
    /// <param name="cancel">Ends the wait for the answer.</param>
    public async Task LogOut(CancellationToken cancel = default)
    {
        if (!IsClosed)
        {
            try
            {
                await Run(new ImapCommand("LOGOUT"), cancel);
            }
            catch (ImapFailed)
            {
                // The server may close without a word; the session ends either way.
            }
        }

        await DisposeAsync();
    }

    Task<ImapLine> Run(ImapCommand command, CancellationToken cancel) =>
        Run(command, null, null, null, cancel);

    async Task<ImapLine> Run(
        ImapCommand command, Action<ImapLine>? onData, Func<ReadOnlyMemory<byte>, long, Stream?>? target,
        Func<string?, string?>? answer, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            using var deadline = new CancellationTokenSource(CommandTimeOut, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
            return await Converse(command, onData, target, answer, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            IsClosed = true;
            throw new ImapFailed(ImapFailureKind.TimeOut, $"{server.Host} took too long to answer.");
        }
        catch (ImapFailed failed) when (failed.Failure.KeepsConnection)
        {
            throw;
        }
        catch (ImapFailed failed) when (
            farewell is not null && failed.Failure.Kind == ImapFailureKind.Disconnected)
        {
            IsClosed = true;
            throw new ImapFailed(failed.Failure with { ServerText = farewell }, failed);
        }
        catch
        {
            IsClosed = true;
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<ImapLine> Converse(
        ImapCommand command, Action<ImapLine>? onData, Func<ReadOnlyMemory<byte>, long, Stream?>? target,
        Func<string?, string?>? answer, CancellationToken cancel)
    {
        if (IsClosed)
            throw new ImapFailed(ImapFailureKind.Disconnected, $"The session with {server.Host} has ended.");
        var tag = $"A{++lastTag}";
        if (await Send(tag, command, onData, cancel) is { } early) return early;
        while (true)
        {
            var line = await connection.Read(target, ImapConnection.SilenceTimeOut, cancel);
            if (line.Tag == "+" && answer is not null)
            {
                var reply = answer(line.Text) ?? "*";
                await connection.Write(Encoding.UTF8.GetBytes(reply + "\r\n"), "***", cancel);
            }
            else if (Take(line, tag, onData)) return line;
        }
    }

    /// <summary>Writes a command; a tagged answer before its end is returned.</summary>
    async Task<ImapLine?> Send(
        string tag, ImapCommand command, Action<ImapLine>? onData, CancellationToken cancel)
    {
        var bytes = new List<byte>(Encoding.ASCII.GetBytes(tag + " "));
        var logged = $"{tag} {command.Logged}";
        foreach (var (text, literal, binary) in command.Pieces)
        {
            if (text is not null)
            {
                bytes.AddRange(Encoding.ASCII.GetBytes(text));
                continue;
            }

            var waits = !Can("LITERAL+") && !(Can("LITERAL-") && literal.Length <= LargestSmallLiteralBytes);
            var mark = $"{(binary ? "~" : "")}{{{literal.Length}{(waits ? "" : "+")}}}\r\n";
            bytes.AddRange(Encoding.ASCII.GetBytes(mark));
            await connection.Write(bytes.ToArray(), logged, cancel);
            (logged, var ready) = (null, !waits);
            bytes.Clear();
            while (!ready)
            {
                var line = await connection.Read(null, ImapConnection.SilenceTimeOut, cancel);
                ready = line.Tag == "+";
                if (!ready && Take(line, tag, onData)) return line;
            }

            await connection.Write(literal, null, cancel);
        }

        bytes.AddRange("\r\n"u8);
        await connection.Write(bytes.ToArray(), logged, cancel);
        return null;
    }

    // True when the line ends the command well; throws when it refuses it.
    bool Take(ImapLine line, string tag, Action<ImapLine>? onData)
    {
        Note(line);
        if (line.IsUntagged)
        {
            onData?.Invoke(line);
            return false;
        }

        if (line.Tag != tag)
            throw new ImapFailed(new ImapFailure(ImapFailureKind.BrokenAnswer,
                $"{server.Host} sent an answer that cannot be read.",
                    $"unexpected {line.Tag} {line.Command}"));
        return line.Command == "OK" ? true : throw Refusal(line, ImapFailureKind.Refused);
    }

    /// <summary>Keeps what any response may tell: capabilities, counts, a farewell.</summary>
    void Note(ImapLine line)
    {
        if (line.Command == "CAPABILITY") Learn(line.Values);
        else if (line.CodeName == "CAPABILITY") Learn(line.Code!.Skip(1));
        else if (line.Command == "ENABLED") enabled.UnionWith(line.Values.Select(value => value.Text ?? ""));
        else if (line.Command == "BYE") farewell = line.Text;
        else NoteFolder(line);
    }

    void Learn(IEnumerable<ImapValue> words) =>
        capabilities = words.Select(word => word.Text ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase);

    ImapFailed Refusal(ImapLine line, ImapFailureKind otherwise)
    {
        var kind = line.CodeName switch
        {
            "AUTHENTICATIONFAILED" or "AUTHORIZATIONFAILED" or "EXPIRED" or "WEBALERT" =>
                ImapFailureKind.Login,
            "NONEXISTENT" or "TRYCREATE" => ImapFailureKind.NoSuchFolder,
            "UNAVAILABLE" or "INUSE" or "LIMIT" or "SERVERBUG" => ImapFailureKind.Busy,
            "PRIVACYREQUIRED" => ImapFailureKind.NotEncrypted,
            "OVERQUOTA" or "TOOBIG" => ImapFailureKind.Refused,
            _ => otherwise,
        };
        var sentence = kind switch
        {
            ImapFailureKind.Login => $"{server.Host} refused the user name, password or permission.",
            ImapFailureKind.NoSuchFolder => $"The folder does not exist on {server.Host}.",
            ImapFailureKind.Busy => $"{server.Host} is busy; it will be tried again later.",
            _ => $"{server.Host} refused the request: {line.Text}",
        };
        return new ImapFailed(new ImapFailure(kind, sentence, line.Text, line.CodeName));
    }

    /// <summary>Closes the connection at once.</summary>
    public async ValueTask DisposeAsync()
    {
        IsClosed = true;
        await connection.DisposeAsync();
    }
}
