using System.Text;

namespace Overture.Mail;

/// <summary>What is checked before MAIL is said: addresses, size, and what the server can carry.</summary>
static class SmtpEnvelopeRules
{
    // RFC 5321 section 4.5.3.1.8: what every server must take.
    const int RecipientLimit = 100;

    /// <summary>Null when the message may be offered; else why this server can never take it.</summary>
    public static SendOutcome? Check(
        SmtpEnvelope envelope, ReadOnlySpan<byte> message, SmtpOptions server, SmtpCapabilities capabilities)
    {
        if (envelope.Recipients.Count is 0 or > RecipientLimit)
            throw new ArgumentException($"An envelope has 1 to {RecipientLimit} recipients.");
        if (envelope.Sender is { Obstacle: { } wrong } sender)
            throw new ArgumentException($"The sender {sender.AddrSpec} cannot be used: {wrong}");
        foreach (var recipient in envelope.Recipients)
        {
            if (recipient.Obstacle is { } obstacle)
                return SmtpFailures.BadAddress(recipient.AddrSpec, obstacle);
            if (recipient.NeedsSmtpUtf8 && !capabilities.SmtpUtf8)
                return SmtpFailures.Needs(server, "SMTPUTF8", recipient.AddrSpec);
        }

        if (envelope.Sender is { NeedsSmtpUtf8: true } && !capabilities.SmtpUtf8)
            return SmtpFailures.Needs(server, "SMTPUTF8", null);
        if (capabilities.Size is { } limit && message.Length > limit)
            return SmtpFailures.TooLarge(server, message.Length, limit);
        return !capabilities.EightBitMime && !Ascii.IsValid(message)
            ? SmtpFailures.Needs(server, "8BITMIME", null)
            : null;
    }

    public static bool NeedsSmtpUtf8(SmtpEnvelope envelope) =>
        envelope.Sender is { NeedsSmtpUtf8: true } || envelope.Recipients.Any(r => r.NeedsSmtpUtf8);
}
