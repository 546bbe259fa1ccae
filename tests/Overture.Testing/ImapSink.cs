using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Testing;

/// <summary>
/// An IMAP server on loopback that holds its folders in memory and does wrong what a test tells it to: see
/// <see cref="On"/>. It serves what Overture.Mail asks for and nothing else.
/// </summary>
public sealed class ImapSink : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ending = new();
    readonly ConcurrentDictionary<ImapSinkConnection, Task> connections = new();
    readonly List<(Regex Pattern, Func<ImapSinkConnection, string, Task<bool>> Act)> faults = [];
    readonly List<(Func<string, bool> Matches, int Count, TaskCompletionSource Seen)> awaited = [];
    readonly List<string> commands = [];
    Task accepting = Task.CompletedTask;

    /// <summary>Guards the folders and their messages.</summary>
    public Lock Gate { get; } = new();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string User { get; init; } = "anna@overture.example";

    public string Secret { get; set; } = "right";

    public string Greeting { get; init; } = "* OK ready\r\n";

    public List<string> Capabilities { get; } =
    [
        "IMAP4rev1", "SASL-IR", "AUTH=PLAIN", "AUTH=XOAUTH2", "AUTH=OAUTHBEARER", "IDLE", "UIDPLUS", "MOVE",
            "CONDSTORE",
        "ENABLE", "LITERAL+", "ID", "SPECIAL-USE", "LIST-EXTENDED", "ESEARCH",
    ];

    public Dictionary<string, ImapSinkFolder> Folders { get; } = new(StringComparer.Ordinal)
    {
        ["INBOX"] = new ImapSinkFolder(""),
        ["Sent"] = new ImapSinkFolder("\\Sent"),
        ["Junk"] = new ImapSinkFolder("\\Junk"),
    };

    /// <summary>The certificate shown. STARTTLS must be offered among the capabilities to be used.</summary>
    public SmtpSinkCertificate Certificate { get; init; }

    /// <summary>Whether TLS begins with the first byte.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>The authority to trust.</summary>
    public static X509Certificate2Collection Authorities => SmtpSinkCertificates.Authorities;

    /// <summary>Every command received, without tags.</summary>
    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (commands) return [.. commands];
        }
    }

    public ImapSink Start()
    {
        listener.Start();
        accepting = Accept();
        return this;
    }

    /// <summary>
    /// Does something else when a command matches: the act writes its own answer and returns true, or returns
    /// false to let the sink answer as usual. The latest rule that matches comes first.
    /// </summary>
    public void On(string pattern, Func<ImapSinkConnection, string, Task<bool>> act)
    {
        lock (faults) faults.Insert(0, (new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)), act));
    }

    /// <summary>As <see cref="On"/>, once.</summary>
    public void Once(string pattern, Func<ImapSinkConnection, string, Task<bool>> act)
    {
        var left = 1;
        On(pattern, async (connection, command) =>
            Interlocked.Exchange(ref left, 0) == 1 && await act(connection, command));
    }

    /// <summary>Completes when a command has come this many times.</summary>
    public Task Received(string start, int count = 1)
    {
        bool Matches(string command) => command.StartsWith(start, StringComparison.OrdinalIgnoreCase);
        lock (commands)
        {
            if (commands.Count(Matches) >= count) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited.Add((Matches, count, seen));
            return seen.Task;
        }
    }

    /// <summary>Puts a message into a folder and tells the sessions that have it open and wait.</summary>
    public uint Deliver(string folder, string message, bool tell = true)
    {
        uint uid;
        lock (Gate) uid = Folders[folder].Add(Encoding.Latin1.GetBytes(message));
        if (!tell) return uid;
        foreach (var connection in connections.Keys) connection.TellCount(folder);
        return uid;
    }

    /// <summary>A short message with the usual fields.</summary>
    public static string Letter(string id, string body = "Hello.") =>
        $"From: Bo <bo@example.com>\r\nTo: anna@overture.example\r\nSubject: about {id}\r\n"
        + $"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{id}@example.com>\r\n\r\n{body}\r\n";

    /// <summary>Cuts every connection.</summary>
    public void DropAll()
    {
        foreach (var connection in connections.Keys) connection.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        DropAll();
        await accepting;
        await Task.WhenAll(connections.Values);
        ending.Dispose();
    }

    internal void Record(string command)
    {
        List<TaskCompletionSource> reached;
        lock (commands)
        {
            commands.Add(command);
            reached = [.. awaited.Where(one => commands.Count(one.Matches) >= one.Count)
                .Select(one => one.Seen)];
        }

        reached.ForEach(one => one.TrySetResult());
    }

    internal async Task<bool> Fault(ImapSinkConnection connection, string command)
    {
        List<Func<ImapSinkConnection, string, Task<bool>>> acts;
        lock (faults) acts = [.. faults.Where(one => one.Pattern.IsMatch(command)).Select(one => one.Act)];
        foreach (var act in acts)
            if (await act(connection, command)) return true;
        return false;
    }

    async Task Accept()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(ending.Token);
                client.NoDelay = true;
                var connection = new ImapSinkConnection(this, client);
                connections[connection] = connection.Serve();
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }
}

/// <summary>A folder of the sink.</summary>
public sealed class ImapSinkFolder(string use)
{
    public string Use { get; } = use;

    public uint UidValidity { get; set; } = 1;

    public uint NextUid { get; set; } = 1;

    public long ModSeq { get; set; } = 1;

    public List<ImapSinkMessage> Messages { get; } = [];

    public uint Add(byte[] bytes)
    {
        Messages.Add(new ImapSinkMessage(NextUid, bytes, ++ModSeq));
        return NextUid++;
    }

    /// <summary>Numbers every message anew, as a restored backup does.</summary>
    public void Renumber()
    {
        UidValidity++;
        var all = Messages.ToList();
        Messages.Clear();
        NextUid = 1;
        all.ForEach(message => Add(message.Bytes));
    }
}

/// <summary>A message of the sink.</summary>
public sealed record ImapSinkMessage(uint Uid, byte[] Bytes, long ModSeq)
{
    public static IComparer<ImapSinkMessage> ByUid { get; } =
        Comparer<ImapSinkMessage>.Create((left, right) => left.Uid.CompareTo(right.Uid));

    public HashSet<string> Flags { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string ReceivedAt { get; set; } = "02-Mar-2026 09:00:00 +0000";

    /// <summary>The value of a header field; null without.</summary>
    public string? Field(string name)
    {
        var header = Encoding.Latin1.GetString(Bytes).Split("\r\n\r\n")[0];
        var line = Array.Find(header.Split("\r\n"), one =>
            one.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return line?[(name.Length + 1)..].Trim();
    }
}
