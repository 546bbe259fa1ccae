using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Overture.Mail;

namespace Overture.Testing;

/// <summary>One client's conversation with the sink.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Run disposes the stream, and with it the socket.")]
sealed class SmtpSinkConversation(SmtpSink sink, Socket socket, int number)
{
    static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(10);
    static readonly string LongText = new('x', 1024 * 1024);

    readonly SmtpSinkInput input = new();
    readonly StringBuilder output = new();
    readonly List<string> recipients = [];
    readonly List<byte> chunks = [];
    Stream stream = new NetworkStream(socket, ownsSocket: true);
    CancellationToken stop;
    SmtpStage? answered;
    string? user;
    string? sender;
    int messageCount;
    int transactionCount;
    bool isProtected;

    /// <summary>Speaks until either side ends the conversation.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        stop = cancellation;
        try
        {
            await Converse();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or the sink is being stopped.
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    async Task Converse()
    {
        if (sink.Options.ImplicitTls && !await Secure()) return;
        if (!await Answer(SmtpStage.Connect, "", "")) return;
        if (!await Answer(SmtpStage.Banner, "", "220 sink.example ESMTP")) return;
        while (true)
        {
            if (!input.HasLine && output.Length > 0) await Flush();
            if (await input.ReadLine(stream, stop) is not { } line) return;
            sink.Note(line);
            if (!await Obey(line)) return;
        }
    }

    async Task<bool> Obey(string line)
    {
        var verb = line.Split(' ', ':')[0].ToUpperInvariant();
        switch (verb)
        {
            case "EHLO":
                return await Answer(SmtpStage.Ehlo, line, EhloReply());
            case "STARTTLS":
                return await StartTls(line);
            case "AUTH":
                return await Authenticate(line);
            case "MAIL":
                transactionCount++;
                sender = PathOf(line);
                recipients.Clear();
                chunks.Clear();
                return await Answer(SmtpStage.Mail, line, MayMail() ? "250 2.1.0 ok" : "530 5.7.0 not yet");
            case "RCPT":
                if (sender is null) return Say("503 5.5.1 MAIL first");
                return await Answer(SmtpStage.Rcpt, line, "250 2.1.5 ok", () => recipients.Add(PathOf(line)));
            case "DATA":
                return await Data(line);
            case "BDAT" when TakesChunks:
                return await Chunk(line);
            case "RSET":
                sender = null;
                return Say("250 2.0.0 reset");
            case "NOOP":
                return Say("250 2.0.0 here");
            case "QUIT":
                await Answer(SmtpStage.Quit, line, "221 2.0.0 bye");
                await Flush();
                return false;
            default:
                return Say("502 5.5.1 unknown command");
        }
    }

    async Task<bool> StartTls(string line)
    {
        var injected = Injection();
        if (injected is not null)
        {
            Say("220 2.0.0 ready");
            Say(injected);
            await Flush();
            return await Secure();
        }

        if (!await Answer(SmtpStage.StartTls, line, "220 2.0.0 ready")) return false;
        if (answered != SmtpStage.StartTls) return true;
        await Flush();
        return await Secure();
    }

    async Task<bool> Secure()
    {
        var behaviour = BehaviourAt(SmtpStage.Tls, "");
        if (behaviour is not (null or SmtpSinkBehaviour.OkThenClose or SmtpSinkBehaviour.EarlyReply
            or SmtpSinkBehaviour.Injected) && !await Answer(SmtpStage.Tls, "", "")) return false;
        await Flush();
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = secured;
        await secured.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = SmtpSinkCertificates.Of(sink.Options.Certificate),
            },
            stop);
        isProtected = true;
        return behaviour != SmtpSinkBehaviour.OkThenClose;
    }

    async Task<bool> Authenticate(string line)
    {
        if (BehaviourAt(SmtpStage.Auth, line)
            is null or SmtpSinkBehaviour.OkThenClose or SmtpSinkBehaviour.Injected)
        {
            var login = new SmtpSinkLogin(sink.Options, Ask);
            var isRight = await login.IsRight(line);
            if (!isRight) return Say("535 5.7.8 wrong user name or password");
            return await Answer(SmtpStage.Auth, line, "235 2.7.0 welcome", () => user = sink.Options.User);
        }

        return await Answer(SmtpStage.Auth, line, "235 2.7.0 welcome", () => user = sink.Options.User);

        async Task<string> Ask(string challenge)
        {
            Say(challenge);
            await Flush();
            return await input.ReadLine(stream, stop)
                ?? throw new IOException("The client left during the login.");
        }
    }

    async Task<bool> Data(string line)
    {
        if (recipients.Count == 0) return Say("554 5.5.1 no valid recipients");
        if (!await Answer(SmtpStage.Data, line, "354 go on")) return false;
        if (answered != SmtpStage.Data) return true;
        await Flush();
        return await input.ReadMessage(stream, stop) is { } wire
            && await Take(SmtpSinkInput.Unstuff(wire), wire);
    }

    /// <summary>BDAT (RFC 3030): the octets are read whatever the answer will be.</summary>
    async Task<bool> Chunk(string line)
    {
        var words = line.Split(' ');
        var size = int.Parse(words[1], CultureInfo.InvariantCulture);
        if (await input.ReadBytes(size, stream, stop) is not { } bytes) return false;
        if (recipients.Count == 0) return Say("503 5.5.1 RCPT first");
        chunks.AddRange(bytes);
        return words is [_, _, "LAST"]
            ? await Take([.. chunks], [.. chunks])
            : await Answer(SmtpStage.Data, line, $"250 2.0.0 {size} octets");
    }

    async Task<bool> Take(byte[] bytes, byte[] wire)
    {
        var message = new SmtpSinkMessage(sender!, [.. recipients], bytes, wire, isProtected, user);
        var isRefused = BehaviourAt(SmtpStage.Dot, ".")
            is SmtpSinkBehaviour.Answer421 or SmtpSinkBehaviour.Answer4xx or SmtpSinkBehaviour.Answer5xx;
        if (!isRefused) sink.Keep(message);
        sender = null;
        recipients.Clear();
        var goesOn = await Answer(SmtpStage.Dot, ".", "250 2.0.0 queued as " + messageCount);
        messageCount++;
        return goesOn;
    }

    // ---- answers

    /// <summary>
    /// Answers one stage, well or badly; <paramref name="done"/> runs only when well. False ends the
    /// conversation.
    /// </summary>
    async Task<bool> Answer(SmtpStage stage, string line, string reply, Action? done = null)
    {
        var behaviour = BehaviourAt(stage, line);
        var wasEarly = behaviour == SmtpSinkBehaviour.EarlyReply && stage > SmtpStage.Banner;
        if (behaviour is null or SmtpSinkBehaviour.OkThenClose or SmtpSinkBehaviour.Injected
            or SmtpSinkBehaviour.EarlyReply)
        {
            done?.Invoke();
            answered = stage;
            if (!wasEarly && reply.Length > 0) Say(reply);
            if (behaviour == SmtpSinkBehaviour.EarlyReply && !wasEarly) Say("220 twice");
            if (behaviour == SmtpSinkBehaviour.Injected && stage > SmtpStage.Tls) Say(SecondReply(stage));
            SayNextEarly(stage);
            if (behaviour != SmtpSinkBehaviour.OkThenClose) return true;
            await Flush();
            return false;
        }

        answered = null;
        return await Misbehave(behaviour.Value, stage);
    }

    async Task<bool> Misbehave(SmtpSinkBehaviour behaviour, SmtpStage stage)
    {
        switch (behaviour)
        {
            case SmtpSinkBehaviour.Timeout:
                await Flush();
                await input.Drain(stream, stop);
                return false;
            case SmtpSinkBehaviour.Reset:
                await Flush();
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                return false;
            case SmtpSinkBehaviour.Close:
                await Flush();
                return false;
            case SmtpSinkBehaviour.Answer421:
                Say("421 4.3.2 closing");
                await Flush();
                return false;
            case SmtpSinkBehaviour.Answer4xx:
                return await SayNow("451 4.3.0 try later");
            case SmtpSinkBehaviour.Answer5xx:
                return await SayNow("554 5.0.0 no");
            case SmtpSinkBehaviour.Garbage:
                return await SayNow("\u0001\u0002 this is \u00ff no reply");
            case SmtpSinkBehaviour.LongLine:
                return await SayNow("250 " + LongText);
            case SmtpSinkBehaviour.CutMultiLine:
                output.Append("250-first line\r\n250-second");
                await Flush();
                return false;
            case SmtpSinkBehaviour.WrongCode:
                return await SayNow(
                    stage == SmtpStage.Data && !TakesChunks ? "250 2.0.0 wrong" : "354 wrong");
            default:
                await Drip();
                return false;
        }
    }

    async Task Drip()
    {
        await Flush();
        await stream.WriteAsync("250-"u8.ToArray(), stop);
        while (true)
        {
            await stream.WriteAsync("x"u8.ToArray(), stop);
            await Task.Delay(DripPause, sink.Options.Time, stop);
        }
    }

    // The stage whose answer is to come too early follows this one: its answer leaves in the same write.
    void SayNextEarly(SmtpStage stage)
    {
        foreach (var next in Enum.GetValues<SmtpStage>())
        {
            if (next <= stage || next <= SmtpStage.Banner) continue;
            if (BehaviourAt(next, "") != SmtpSinkBehaviour.EarlyReply || PrecedingAnswer(next) != stage)
                continue;
            Say(RightReply(next));
        }
    }

    SmtpStage PrecedingAnswer(SmtpStage stage) => stage switch
    {
        SmtpStage.Ehlo => SmtpStage.Banner,
        SmtpStage.StartTls => SmtpStage.Ehlo,
        SmtpStage.Tls => SmtpStage.StartTls,
        SmtpStage.Auth => SmtpStage.Ehlo,
        SmtpStage.Mail => sink.Options.User is null ? SmtpStage.Ehlo : SmtpStage.Auth,
        SmtpStage.Rcpt => SmtpStage.Mail,
        SmtpStage.Data => SmtpStage.Rcpt,
        SmtpStage.Dot => SmtpStage.Data,
        _ => SmtpStage.Dot,
    };

    string? Injection()
    {
        foreach (var stage in Enum.GetValues<SmtpStage>())
        {
            if (stage <= SmtpStage.Tls && BehaviourAt(stage, "") == SmtpSinkBehaviour.Injected)
                return RightReply(stage);
        }

        return null;
    }

    string RightReply(SmtpStage stage) => stage switch
    {
        SmtpStage.Ehlo => EhloReply(),
        SmtpStage.Connect or SmtpStage.Banner or SmtpStage.StartTls or SmtpStage.Tls => "220 early",
        SmtpStage.Auth => "235 2.7.0 early",
        SmtpStage.Data when !TakesChunks => "354 early",
        SmtpStage.Quit => "221 2.0.0 early",
        _ => "250 2.0.0 early",
    };

    static string SecondReply(SmtpStage stage) => stage switch
    {
        SmtpStage.Dot => "550 5.0.0 injected",
        SmtpStage.Quit => "250 2.0.0 injected",
        _ => "250 2.0.0 injected",
    };

    string EhloReply()
    {
        List<string> lines = ["sink.example", .. sink.Options.Extensions];
        if (sink.Options.StartTls && !isProtected) lines.Add("STARTTLS");
        if (sink.Options.User is not null) lines.Add("AUTH " + sink.Options.Mechanisms);
        return string.Join("\r\n", lines.Select((l, i) => (i == lines.Count - 1 ? "250 " : "250-") + l));
    }

    bool TakesChunks => sink.Options.Extensions.Contains("CHUNKING");

    bool MayMail() => (isProtected || !sink.Options.StartTls)
        && (user is not null || sink.Options.User is null);

    SmtpSinkBehaviour? BehaviourAt(SmtpStage stage, string line) =>
        sink.Options.Fault(new SmtpSinkMoment(stage, number, messageCount, line, transactionCount));

    bool Say(string reply)
    {
        output.Append(reply).Append("\r\n");
        return true;
    }

    async Task<bool> SayNow(string reply)
    {
        Say(reply);
        await Flush();
        return true;
    }

    async Task Flush()
    {
        if (output.Length == 0) return;
        var bytes = Encoding.Latin1.GetBytes(output.ToString());
        output.Clear();
        await stream.WriteAsync(bytes, stop);
    }

    static string PathOf(string line)
    {
        var open = line.IndexOf('<');
        var close = line.LastIndexOf('>');
        return open >= 0 && close > open ? line[(open + 1)..close] : "";
    }
}
