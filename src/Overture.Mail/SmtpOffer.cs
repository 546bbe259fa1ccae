using System.Text;

namespace Overture.Mail;

/// <summary>
/// One message as it is offered to one server: what MAIL says about it and whether its body goes in chunks.
/// </summary>
readonly record struct SmtpOffer(
    SmtpEnvelope Envelope, ReadOnlyMemory<byte> Message, string MailCommand, bool IsInChunks)
{
    const int LineLimit = 998; // RFC 5321 section 4.5.3.1.6, without the line end

    public static SmtpOffer Of(
        SmtpEnvelope envelope,
        ReadOnlyMemory<byte> message,
        SmtpOptions options,
        SmtpCapabilities capabilities)
    {
        var isBinary = capabilities is { Chunking: true, BinaryMime: true } && IsBeyondLines(message.Span);
        var size = capabilities.Size is null ? "" : $" SIZE={message.Length}";
        var body = isBinary ? " BODY=BINARYMIME"
            : capabilities.EightBitMime && !Ascii.IsValid(message.Span) ? " BODY=8BITMIME"
            : "";
        var utf8 = SmtpEnvelopeRules.NeedsSmtpUtf8(envelope) ? " SMTPUTF8" : "";
        return new SmtpOffer(
            envelope,
            message,
            $"MAIL FROM:<{envelope.Sender?.Path}>{size}{body}{utf8}",
            isBinary || (options.UseChunking && capabilities.Chunking));
    }

    /// <summary>
    /// What DATA cannot carry, even with 8BITMIME: NUL and lines too long (RFC 3030 section 3).
    /// </summary>
    static bool IsBeyondLines(ReadOnlySpan<byte> message)
    {
        if (message.Contains((byte)0)) return true;
        while (message.Length > LineLimit)
        {
            var end = message[..(LineLimit + 1)].LastIndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0) return true;
            message = message[(end + 1)..];
        }

        return false;
    }
}
