namespace Overture.Mail;

/// <summary>Where in the conversation something happened, in order (RFC 5321 section 3.1 onwards).</summary>
public enum SmtpStage
{
    /// <summary>Name look-up and the TCP connection.</summary>
    Connect,

    /// <summary>The server's first line.</summary>
    Banner,

    /// <summary>EHLO or HELO.</summary>
    Ehlo,

    /// <summary>The STARTTLS command (RFC 3207).</summary>
    StartTls,

    /// <summary>The TLS handshake and the certificate.</summary>
    Tls,

    /// <summary>AUTH (RFC 4954).</summary>
    Auth,

    /// <summary>MAIL FROM.</summary>
    Mail,

    /// <summary>RCPT TO.</summary>
    Rcpt,

    /// <summary>DATA and the body, before the final dot.</summary>
    Data,

    /// <summary>The final dot and its answer: the only stage after which mail may exist elsewhere.</summary>
    Dot,

    /// <summary>QUIT; its answer changes nothing.</summary>
    Quit,
}

/// <summary>Whose matter a failure is, hence who can mend it.</summary>
public enum SmtpFaultParty
{
    /// <summary>The way to the server: names, routes, broken connections.</summary>
    Network,

    /// <summary>The server: overloaded, refusing, or breaking the protocol.</summary>
    Server,

    /// <summary>
    /// The sending mailbox's own settings: password, certificate, TLS, sender address, quota.
    /// </summary>
    Mailbox,

    /// <summary>The recipient's address or mailbox.</summary>
    Recipient,

    /// <summary>This message: its size, form or content, or the receiver's judgement of it.</summary>
    Message,
}

/// <summary>
/// What went wrong, with the facts: the stage, the answer (0, null and "" when there was none), whose matter
/// it is, whether trying again unchanged is pointless, a sentence for the user and what to do about it.
/// </summary>
public sealed record SmtpFault(
    SmtpStage Stage,
    int Code,
    string? EnhancedStatus,
    string Text,
    SmtpFaultParty Party,
    bool IsPermanent,
    string Sentence,
    string Remedy)
{
    /// <summary>The recipient, where the answer was about one.</summary>
    public string? Recipient { get; init; }

    /// <summary>How long the far side wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RestFor { get; init; }
}

/// <summary>The closed set of results of trying to send one message.</summary>
public abstract record SendOutcome
{
    private protected SendOutcome()
    {
    }

    /// <summary>The server took responsibility: a 2xx answer to the dot. Final, whatever follows.</summary>
    public sealed record Accepted(int Code, string ResponseText) : SendOutcome;

    /// <summary>
    /// Certainly not sent; the message may be tried again: later, or once the mailbox is mended
    /// (<see cref="SmtpFault.Party"/> is Mailbox).
    /// </summary>
    public sealed record Deferred(SmtpFault Fault) : SendOutcome;

    /// <summary>Certainly not sent; this message to this recipient will not be taken unchanged.</summary>
    public sealed record Rejected(SmtpFault Fault) : SendOutcome;

    /// <summary>
    /// The dot may have left and no definite answer came. Only evidence may settle it; never send again
    /// blindly.
    /// </summary>
    public sealed record Uncertain(string Reason) : SendOutcome;
}
