using System.Diagnostics;
using System.Globalization;
using Overture.Mail;

namespace Overture.Bench.Mime;

static class Messages
{
    public static List<string> In(string data)
    {
        string[] corpora = ["mime-*", "bounce-*", "autoreply"];
        var email = Path.Combine(data, "email");
        return [.. corpora.SelectMany(corpus => Directory.EnumerateDirectories(email, corpus))
            .Select(corpus => Path.Combine(corpus, "files"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)];
    }
}

interface IReader : IDisposable
{
    string Name { get; }

    /// <summary>Reads all messages once; the seconds it took.</summary>
    double Pass();
}

sealed class OwnReader(List<byte[]> messages) : IReader
{
    long read;

    public string Name => "Overture.Mail";

    public double Pass()
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var message in messages)
        {
            var email = MimeReader.Read(message);
            read += email.Subject?.Length ?? 0;
            read += email.From.Count + email.To.Count + email.Cc.Count;
            read += email.References.Count + email.InReplyTo.Count;
            read += (email.Date?.Ticks ?? 0) & 1;
            read += (email.MessageId?.Length ?? 0) + (email.Text?.Length ?? 0) + (email.Html?.Length ?? 0);
            foreach (var file in email.Attachments) read += file.Size + (file.Name?.Length ?? 0)
                + file.Type.Length;
            foreach (var field in email.Headers) read += field.Value.Length;
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose() => Debug.Assert(read > 0);
}

/// <summary>A reader in a process of its own: it answers each line with the seconds of one pass.</summary>
sealed class PeerReader : IReader
{
    readonly Process process;

    public PeerReader(string name, string program, params string[] arguments)
    {
        Name = name;
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    public string Name { get; }

    public double Pass()
    {
        process.StandardInput.WriteLine("pass");
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine();
        if (answer is null) throw new InvalidOperationException($"{Name} ended");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
