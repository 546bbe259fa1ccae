using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;

namespace Overture.Testing;

/// <summary>
/// A private Postfix and Dovecot on loopback, with the mailboxes of overture.example and of the companies
/// client1.example, client2.example and so on. Every local part is a user with the same password, except <c>nobody@</c> (550 5.1.1), <c>later@</c> (451 4.3.0) and
/// <c>full@</c> (452 4.2.2). Nothing leaves the machine: other domains are refused.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class MailServers : IAsyncDisposable
{
    public const string Domain = "overture.example";
    public const string Password = "correct-horse-7";
    static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    const string PostfixMaster = "/usr/lib/postfix/sbin/master";
    const string Dovecot = "/usr/sbin/dovecot";
    static readonly string[] Programs =
        [PostfixMaster, Dovecot, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"];

    readonly string folder = Directory.CreateTempSubdirectory("overture-mail-").FullName;
    readonly List<Process> processes = [];
    readonly MailCertificates certificates = new();
    readonly int[] ports = FreePorts(6);

    /// <summary>Why the servers cannot run here; null when they can. Skip a test with this text.</summary>
    public static string? Missing { get; } =
        !Environment.IsPrivilegedProcess ? "Postfix and Dovecot need root"
        : Array.Find(Programs, path => !File.Exists(path)) is { } program
            ? $"{program} is absent; apt-get install postfix dovecot-imapd dovecot-lmtpd"
        : null;

    /// <summary>Like port 25: STARTTLS offered, no login.</summary>
    public int SmtpPort => ports[0];

    /// <summary>Like port 587: STARTTLS, then login.</summary>
    public int SubmissionPort => ports[1];

    /// <summary>Like port 465: TLS from the first byte, then login.</summary>
    public int SmtpsPort => ports[2];

    /// <summary>As <see cref="SubmissionPort"/>, with an expired certificate for another name.</summary>
    public int BadCertificatePort => ports[3];

    public int ImapPort => ports[4];

    public int ImapsPort => ports[5];

    /// <summary>Trust this one to accept the certificate for localhost and 127.0.0.1.</summary>
    public X509Certificate2 CaCertificate => certificates.Ca;

    /// <summary>What both servers logged.</summary>
    public string Log => string.Join('\n', Directory.GetFiles(folder, "*.log").Select(ReadShared));

    public static Task<MailServers> Start(CancellationToken cancel = default) => Start(null, cancel);

    /// <summary>Starts both; with a token server, logins by OAuth are taken too.</summary>
    public static async Task<MailServers> Start(TokenServer? tokens, CancellationToken cancel)
    {
        if (Missing is not null) throw new InvalidOperationException(Missing);
        var servers = new MailServers();
        try
        {
            await servers.StartBoth(tokens?.Url, cancel);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>The messages in a user's folder, oldest first, as they lie there.</summary>
    public IReadOnlyList<byte[]> ReadMaildir(string user, string mailbox = "INBOX")
    {
        var name = user.Contains('@', StringComparison.Ordinal) ? user : $"{user}@{Domain}";
        var maildir = Path.Combine(folder, "mail", name, "Maildir", mailbox == "INBOX" ? "" : "." + mailbox);
        string[] parts = [Path.Combine(maildir, "new"), Path.Combine(maildir, "cur")];
        return [.. parts.Where(Directory.Exists).SelectMany(Directory.GetFiles)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    /// <summary>Waits until that many messages have arrived, then reads them.</summary>
    public async Task<IReadOnlyList<byte[]>> WaitForMail(string user, int count, CancellationToken cancel)
    {
        await Until(
            () => ReadMaildir(user).Count >= count, DeliveryTimeout, $"{count} messages for {user}", cancel);
        return ReadMaildir(user);
    }

    public async ValueTask DisposeAsync()
    {
        // Asked politely, Dovecot takes seconds; there is nothing here to save.
        foreach (var process in processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        certificates.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task StartBoth(Uri? tokens, CancellationToken cancel)
    {
        File.SetUnixFileMode(folder, MailServerFiles.Readable);
        certificates.Write(folder);
        MailServerFiles.Write(folder, ports, tokens);
        await MailServerFiles.GiveAway(folder, cancel);
        processes.Add(Launch(Dovecot, "-F", "-c", Path.Combine(folder, "dovecot.conf")));
        processes.Add(Launch(PostfixMaster, "-c", Path.Combine(folder, "postfix"), "-d"));
        await Until(
            () => ports.All(Answers) && File.Exists(Path.Combine(folder, "run", "lmtp-postfix")),
            StartTimeout,
            "the mail servers",
            cancel);
    }

    static Process Launch(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        // Nobody reads what they print beside their logs; a full pipe would stop them.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    async Task Until(Func<bool> holds, TimeSpan patience, string what, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                throw new TimeoutException($"Waited {patience} in vain for {what}. The logs:\n{Log}");
            await Task.Delay(PollInterval, TimeProvider.System, cancel);
        }
    }

    static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient(IPAddress.Loopback.ToString(), port);
            return client.Connected;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    static int[] FreePorts(int count)
    {
        var probes = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        probes.ForEach(probe => probe.Start());
        var free = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port).ToArray();
        probes.ForEach(probe => probe.Dispose());
        return free;
    }
}
