namespace Overture.Mail;

/// <summary>
/// The last lines of SMTP conversations, for the user who asks what the server said. Bounded in lines and
/// length; login payloads are masked and message bodies are counted, not copied. Safe for many threads.
/// </summary>
public sealed class WireLog(int lineLimit = WireLog.DefaultLineLimit)
{
    /// <summary>Lines kept when no other limit is given; the oldest go first.</summary>
    public const int DefaultLineLimit = 500;

    /// <summary>Characters kept of one line.</summary>
    public const int LineLengthLimit = 512;

    readonly Lock gate = new();
    readonly Queue<string> lines = new();

    /// <summary>The lines now held, oldest first: "C: " is ours, "S: " the server's, "* " a remark.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate) return [.. lines];
        }
    }

    internal void Client(string line) => Add("C: ", line);

    internal void Server(string line) => Add("S: ", line);

    internal void Remark(string line) => Add("* ", line);

    void Add(string mark, string line)
    {
        var kept = line.Length > LineLengthLimit ? line[..LineLengthLimit] + "…" : line;
        lock (gate)
        {
            lines.Enqueue(mark + kept);
            while (lines.Count > lineLimit) lines.Dequeue();
        }
    }
}
