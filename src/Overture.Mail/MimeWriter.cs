namespace Overture.Mail;

/// <summary>Turns a message into bytes.</summary>
public static class MimeWriter
{
    /// <summary>The message with CRLF line ends.</summary>
    public static byte[] Write(OutgoingEmail email) => throw new NotSupportedException(email.MessageId);
}
