using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Testing;

/// <summary>One client of an <see cref="ImapSink"/>.</summary>
public sealed class ImapSinkConnection(ImapSink sink, TcpClient client)
{
    static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    readonly Lock writing = new();
    Stream stream = client.GetStream();
    ImapSinkFolder? open;
    string openName = "";
    bool idling;
    int told;

    /// <summary>The tag of the command being answered.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>The bytes of the last literal received.</summary>
    public byte[] Literal { get; private set; } = [];

    /// <summary>Writes as it stands, one byte per character.</summary>
    public Task Send(string text)
    {
        lock (writing) stream.Write(Encoding.Latin1.GetBytes(text));
        return Task.CompletedTask;
    }

    public async Task<bool> Answer(string text)
    {
        await Send(text);
        return true;
    }

    public Task<bool> Ok(string text = "done") => Answer($"{Tag} OK {text}\r\n");

    public void Close() => client.Close();

    internal void TellCount(string folder)
    {
        int count;
        lock (sink.Gate)
        {
            if (!idling || openName != folder) return;
            count = open!.Messages.Count;
        }

        _ = Send($"* {count} EXISTS\r\n");
    }

    internal async Task Serve()
    {
        try
        {
            if (sink.ImplicitTls) await Encrypt();
            await Send(sink.Greeting);
            while (await ReadCommand() is { } command)
            {
                sink.Record(command);
                if (!await sink.Fault(this, command)) await Handle(command);
                if (command == "LOGOUT") break;
            }
        }
        catch (Exception over) when (
            over is IOException or ObjectDisposedException or InvalidOperationException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client or the test has gone.
        }
        finally
        {
            client.Close();
        }
    }

    async Task<string?> ReadCommand()
    {
        var line = await ReadLine();
        if (line is null) return null;
        while (Find(line, @"\{(?<length>\d+)(?<plus>\+?)\}$") is { Success: true } mark)
        {
            if (mark.Groups["plus"].Length == 0) await Send("+ go on\r\n");
            Literal = new byte[int.Parse(mark.Groups["length"].Value, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(Literal);
            line = line[..mark.Index] + "\"" + Encoding.Latin1.GetString(Literal) + "\"" + await ReadLine();
        }

        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0) return line;
        Tag = line[..space];
        return line[(space + 1)..];
    }

    async Task<string?> ReadLine()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }

    async Task Handle(string command)
    {
        var word = command.Split(' ')[0].ToUpperInvariant();
        var rest = command[word.Length..].Trim();
        await (word switch
        {
            "CAPABILITY" => Data($"* CAPABILITY {string.Join(' ', sink.Capabilities)}"),
            "LOGIN" => Admit(rest.Contains($"\"{sink.User}\" \"{sink.Secret}\"", StringComparison.Ordinal)),
            "AUTHENTICATE" => Authenticate(rest),
            "STARTTLS" => StartTls(),
            "ENABLE" => Data("* ENABLED CONDSTORE"),
            "LIST" => List(),
            "SELECT" or "EXAMINE" => Select(Unquote(rest), word == "EXAMINE"),
            "STATUS" => State(Unquote(rest)),
            "IDLE" => Idle(),
            "APPEND" => Append(Unquote(rest)),
            "EXPUNGE" => Expunge(message => message.Flags.Contains("\\Deleted")),
            "UID" => Uid(rest),
            "LOGOUT" => Data("* BYE see you"),
            _ => Ok(),
        });
    }

    async Task<bool> Data(string line)
    {
        await Send(line + "\r\n");
        return await Ok();
    }

    Task<bool> Admit(bool right) =>
        right ? Ok("welcome") : Answer($"{Tag} NO [AUTHENTICATIONFAILED] not you\r\n");

    async Task<bool> Authenticate(string rest)
    {
        var parts = rest.Split(' ');
        if (parts.Length == 1)
        {
            await Send("+ \r\n");
            parts = [parts[0], await ReadLine() ?? ""];
        }

        var said = Encoding.UTF8.GetString(Convert.FromBase64String(parts[1]));
        var right = parts[0] == "PLAIN"
            ? said == $"\0{sink.User}\0{sink.Secret}"
            : said.Contains($"auth=Bearer {sink.Secret}\u0001\u0001", StringComparison.Ordinal);
        if (!right && parts[0] != "PLAIN")
        {
            await Send("+ " + Convert.ToBase64String("{\"status\":\"401\"}"u8) + "\r\n");
            await ReadLine();
        }

        return await Admit(right);
    }

    async Task<bool> StartTls()
    {
        await Ok();
        await Encrypt();
        return true;
    }

    public async Task Encrypt()
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(SmtpSinkCertificates.Of(sink.Certificate));
        stream = tls;
    }

    async Task<bool> List()
    {
        foreach (var (name, folder) in sink.Folders)
            await Send($"* LIST ({folder.Use}) \"/\" \"{name}\"\r\n");
        return await Ok();
    }

    async Task<bool> Select(string name, bool readOnly)
    {
        string lines;
        lock (sink.Gate)
        {
            if (!sink.Folders.TryGetValue(name, out var folder)) lines = "";
            else
            {
                (open, openName, told) = (folder, name, folder.Messages.Count);
                lines = $"* {told} EXISTS\r\n* OK [UIDVALIDITY {folder.UidValidity}] valid\r\n"
                    + $"* OK [UIDNEXT {folder.NextUid}] next\r\n"
                    + $"* OK [HIGHESTMODSEQ {folder.ModSeq}] highest\r\n";
            }
        }

        if (lines.Length == 0) return await Answer($"{Tag} NO [NONEXISTENT] no such folder\r\n");
        await Send(lines);
        return await Ok(readOnly ? "[READ-ONLY] open" : "[READ-WRITE] open");
    }

    async Task<bool> State(string name)
    {
        string line;
        lock (sink.Gate)
        {
            var folder = sink.Folders[name];
            line = $"* STATUS \"{name}\" (MESSAGES {folder.Messages.Count} UIDNEXT {folder.NextUid} "
                + $"UIDVALIDITY {folder.UidValidity} HIGHESTMODSEQ {folder.ModSeq})";
        }

        return await Data(line);
    }

    async Task<bool> Idle()
    {
        var tag = Tag;
        int count;
        lock (sink.Gate)
        {
            idling = true;
            count = open?.Messages.Count ?? 0;
        }

        await Send("+ idling\r\n");
        // Something may have come between the last command and this one.
        if (count != told) await Send($"* {count} EXISTS\r\n");
        var line = await ReadLine();
        lock (sink.Gate) idling = false;
        if (line is null) return true;
        sink.Record(line);
        lock (sink.Gate) told = open?.Messages.Count ?? 0;
        return await Answer($"{tag} OK idle over\r\n");
    }

    async Task<bool> Append(string name)
    {
        uint uid;
        lock (sink.Gate)
        {
            if (!sink.Folders.TryGetValue(name, out var folder)) uid = 0;
            else uid = folder.Add(Literal);
        }

        return uid == 0
            ? await Answer($"{Tag} NO [TRYCREATE] no such folder\r\n")
            : await Ok($"[APPENDUID {sink.Folders[name].UidValidity} {uid}] added");
    }

    async Task<bool> Uid(string rest)
    {
        var words = rest.Split(' ');
        switch (words[0])
        {
            case "FETCH":
                foreach (var line in Fetched(words[1], rest)) await Send(line);
                return await Ok();
            case "SEARCH":
                return await Data(Found(rest));
            case "STORE":
                lock (sink.Gate)
                {
                    foreach (var message in In(words[1]))
                    {
                        if (words[2][0] == '+') message.Flags.UnionWith(Flags(rest));
                        else message.Flags.ExceptWith(Flags(rest));
                    }
                }

                return await Ok();
            case "COPY" or "MOVE":
                return await Move(words, rest);
            default:
                return await Expunge(message =>
                    message.Flags.Contains("\\Deleted") && In(words[1]).Contains(message));
        }
    }

    async Task<bool> Move(string[] words, string rest)
    {
        string code;
        lock (sink.Gate)
        {
            var target = sink.Folders[Unquote(
                rest[(rest.IndexOf(words[1], StringComparison.Ordinal) + words[1].Length)..].Trim())];
            var moved = In(words[1]);
            var uids = moved.ConvertAll(message => target.Add(message.Bytes));
            code = $"[COPYUID {target.UidValidity} {words[1]} {string.Join(',', uids)}]";
            if (words[0] == "MOVE") open!.Messages.RemoveAll(moved.Contains);
        }

        return await Ok(code + " done");
    }

    async Task<bool> Expunge(Predicate<ImapSinkMessage> which)
    {
        lock (sink.Gate) open!.Messages.RemoveAll(which);
        return await Ok();
    }

    List<ImapSinkMessage> In(string set)
    {
        var last = open!.Messages.Count > 0 ? open.Messages[^1].Uid : 0;
        var ranges = set.Split(',').Select(range =>
        {
            var ends = range.Split(':').Select(end =>
                end == "*" ? last : uint.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            return (First: Math.Min(ends[0], ends[^1]), Last: Math.Max(ends[0], ends[^1]));
        }).ToList();
        return open.Messages.FindAll(one =>
            ranges.Exists(range => one.Uid >= range.First && one.Uid <= range.Last));
    }

    List<string> Fetched(string set, string rest)
    {
        var lines = new List<string>();
        var since = Find(rest, @"CHANGEDSINCE (?<number>\d+)");
        lock (sink.Gate)
        {
            foreach (var message in In(set))
            {
                if (since.Success
                    && message.ModSeq <= long.Parse(since.Groups["number"].Value,
                        CultureInfo.InvariantCulture))
                    continue;
                var number = open!.Messages.BinarySearch(message, ImapSinkMessage.ByUid) + 1;
                lines.Add($"* {number} FETCH ({ImapSinkFormat.Items(message, rest)})\r\n");
            }
        }

        return lines;
    }

    string Found(string rest)
    {
        lock (sink.Gate)
        {
            IEnumerable<ImapSinkMessage> all = open!.Messages;
            if (Find(rest, @" UID (?<set>[\d:,*]+)") is { Success: true } uids)
                all = In(uids.Groups["set"].Value);
            if (rest.Contains(" DELETED", StringComparison.Ordinal))
                all = all.Where(one => one.Flags.Contains("\\Deleted"));
            if (Find(rest, "HEADER \"(?<name>[^\"]*)\" \"(?<text>[^\"]*)\"") is { Success: true } field)
                all = all.Where(one => one.Field(field.Groups["name"].Value)
                    ?.Contains(field.Groups["text"].Value, StringComparison.OrdinalIgnoreCase) == true);
            if (Find(rest, @"SINCE (?<day>\S+)") is { Success: true } since)
            {
                var day = DateTime.Parse(since.Groups["day"].Value, CultureInfo.InvariantCulture);
                all = all.Where(one =>
                    DateTime.Parse(one.ReceivedAt[..11], CultureInfo.InvariantCulture) >= day);
            }

            var numbers = all.Select(one => one.Uid).ToList();
            return rest.Contains("RETURN", StringComparison.Ordinal)
                ? $"* ESEARCH (TAG \"{Tag}\") UID" + (numbers.Count > 0
                    ? " ALL " + string.Join(',', numbers)
                    : "")
                : "* SEARCH " + string.Join(' ', numbers);
        }
    }

    static string[] Flags(string rest) =>
        rest[(rest.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(' ');

    internal static Match Find(string text, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        Regex.Match(text, pattern, RegexOptions.None, PatternTimeout);

    static string Unquote(string rest) => rest.StartsWith('"') ? rest.Split('"')[1] : rest.Split(' ')[0];
}
