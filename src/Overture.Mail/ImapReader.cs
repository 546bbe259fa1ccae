using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Cuts a byte stream into responses. Literals are copied to a stream where the caller names one and are kept
/// in memory otherwise; nothing is allocated on the word of the server alone.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="onProgress">Told whenever bytes arrive.</param>
sealed class ImapReader(Stream stream, Action? onProgress = null)
{
    /// <summary>
    /// The longest response without its literals, in bytes (a SEARCH of two million numbers).
    /// </summary>
    public const int LongestLineBytes = 16 * 1024 * 1024;

    /// <summary>The most bytes of literals kept in memory for one response.</summary>
    public const int MostLiteralBytes = 8 * 1024 * 1024;

    const int BufferBytes = 32 * 1024;
    const int MostLiterals = 10_000;

    readonly byte[] buffer = new byte[BufferBytes];
    int from;
    int to;

    /// <summary>Reads one response; null when the server closed the connection between two.</summary>
    /// <param name="target">
    /// Given the line so far (which ends in the mark of a literal) and the length of the literal, names the
    /// stream that takes its bytes; null keeps them in memory.
    /// </param>
    /// <param name="cancel">Ends the reading; the connection is of no use afterwards.</param>
    public async ValueTask<ImapLine?> Read(
        Func<ReadOnlyMemory<byte>, long, Stream?>? target, CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(256);
        var literals = new List<ReadOnlyMemory<byte>>();
        long kept = 0;
        while (await ReadLine(line, cancel))
        {
            if (LiteralLength(line.WrittenSpan) is not { } length) return Parse(line.WrittenMemory, literals);
            if (literals.Count >= MostLiterals) throw TooLarge("too many literals");
            if (target?.Invoke(line.WrittenMemory, length) is { } stream)
            {
                await Copy(length, stream, cancel);
                literals.Add(default);
                continue;
            }

            kept += length;
            if (length > MostLiteralBytes || kept > MostLiteralBytes)
                throw TooLarge($"a literal of {length} bytes where at most {MostLiteralBytes} are accepted");
            using var memory = new MemoryStream();
            await Copy(length, memory, cancel);
            literals.Add(memory.ToArray());
        }

        return line.WrittenCount == 0
            ? null
            : throw new ImapFailed(ImapFailureKind.Disconnected,
                "The mail server closed the connection mid-answer.");
    }

    async ValueTask<bool> ReadLine(ArrayBufferWriter<byte> line, CancellationToken cancel)
    {
        while (true)
        {
            if (from == to && !await Fill(cancel)) return false;
            var ready = buffer.AsSpan(from, to - from);
            var end = ready.IndexOf((byte)'\n');
            var part = end < 0 ? ready : ready[..(end + 1)];
            if (line.WrittenCount + part.Length > LongestLineBytes) throw TooLarge("a line without end");
            line.Write(part);
            from += part.Length;
            if (end >= 0) return true;
        }
    }

    async ValueTask<bool> Fill(CancellationToken cancel)
    {
        from = 0;
        to = await stream.ReadAsync(buffer, cancel);
        onProgress?.Invoke();
        return to > 0;
    }

    async ValueTask Copy(long length, Stream destination, CancellationToken cancel)
    {
        while (length > 0)
        {
            if (from == to && !await Fill(cancel))
                throw new ImapFailed(
                    ImapFailureKind.Disconnected, "The mail server closed the connection within a message.");
            var count = (int)Math.Min(length, to - from);
            await destination.WriteAsync(buffer.AsMemory(from, count), cancel);
            from += count;
            length -= count;
        }
    }

    static ImapLine Parse(ReadOnlyMemory<byte> line, List<ReadOnlyMemory<byte>> literals)
    {
        try
        {
            return ImapParser.Parse(line, literals);
        }
        catch (ImapSyntaxException broken)
        {
            throw new ImapFailed(
                new ImapFailure(ImapFailureKind.BrokenAnswer,
                    "The mail server sent an answer that cannot be read.",
                    broken.Message), broken);
        }
    }

    static long? LiteralLength(ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith("}\r\n"u8) && !line.EndsWith("}\n"u8)) return null;
        line = line[..line.LastIndexOf((byte)'}')];
        var open = line.LastIndexOf((byte)'{');
        if (open < 0 || IsText(line[..open])) return null;
        var digits = line[(open + 1)..];
        if (digits.Length > 0 && digits[^1] == '+') digits = digits[..^1];
        if (digits.Length == 0 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return null;
        return Utf8Parser.TryParse(digits, out long length, out var used) && used == digits.Length
            ? length
            : throw TooLarge("a literal whose length is no number");
    }

    // The text of a state response may end in braces without announcing anything.
    static bool IsText(ReadOnlySpan<byte> before)
    {
        if (before.StartsWith("+ "u8)) return true;
        var space = before.IndexOf((byte)' ');
        if (space < 0) return true;
        var rest = before[(space + 1)..];
        foreach (var word in (ReadOnlySpan<string>)["OK ", "NO ", "BAD ", "BYE ", "PREAUTH "])
        {
            if (rest.Length < word.Length || !Ascii.EqualsIgnoreCase(rest[..word.Length], word)) continue;
            rest = rest[word.Length..];
            return !rest.StartsWith("["u8) || rest.Contains((byte)']');
        }

        return false;
    }

    static ImapFailed TooLarge(string what) =>
        new(new ImapFailure(ImapFailureKind.TooLarge, "The mail server sent more than is accepted.", what));
}
