namespace Overture.Mail;

/// <summary>
/// Reads internet messages (RFC 5322) and their MIME structure (RFC 2045, 2046, 2047, 2049, 2231), with the
/// tolerance that real mail needs: bare line feeds, missing or repeated boundaries, broken encodings, mbox
/// lines.
/// </summary>
public static class MimeReader
{
    /// <summary>Reads a message as it was received; any bytes are accepted and nothing is thrown.</summary>
    /// <param name="message">
    /// The bytes of the message. They are kept, not copied, and must not change.
    /// </param>
    /// <param name="limits">What may be spent on it; the default limits when null.</param>
    public static ReceivedEmail Read(ReadOnlyMemory<byte> message, MimeLimits? limits = null)
    {
        limits ??= MimeLimits.Default;
        var source = WithLineFeeds(message);
        var reader = new EntityReader(source, limits, new ReadingBudget(limits));
        return new ReceivedEmail(source, reader.ReadMessage(depth: 0), limits);
    }

    /// <summary>Old Macintosh mail ends its lines with a bare carriage return.</summary>
    static ReadOnlyMemory<byte> WithLineFeeds(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.Contains((byte)'\n') || !bytes.Contains((byte)'\r')) return message;
        var copy = message.ToArray();
        copy.AsSpan().Replace((byte)'\r', (byte)'\n');
        return copy;
    }
}

/// <summary>What is left of the limits while one message is read.</summary>
sealed class ReadingBudget(MimeLimits limits)
{
    int parts = limits.Parts;

    public bool TakePart() => parts-- > 0;
}
