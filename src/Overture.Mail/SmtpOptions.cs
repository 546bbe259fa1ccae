using System.Security.Cryptography.X509Certificates;

namespace Overture.Mail;

/// <summary>How the connection is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS is required; without it nothing is sent (RFC 3207). Usual on port 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314). Usual on port 465.</summary>
    ImplicitTls,

    /// <summary>No protection. For loopback and relays on a trusted network only.</summary>
    None,
}

/// <summary>The server a mailbox sends through.</summary>
public sealed record SmtpOptions
{
    /// <summary>Host name, checked against the certificate.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port: 587 with STARTTLS, 465 with implicit TLS.</summary>
    public int Port { get; init; } = 587;

    /// <summary>How the connection is protected.</summary>
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    /// <summary>How to log in; null sends without login.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>
    /// Lets the password travel unprotected when <see cref="Security"/> is None. Only for loopback and tests.
    /// </summary>
    public bool AllowCredentialsWithoutTls { get; init; }

    /// <summary>Our name in EHLO: a host name or an address literal (RFC 5321 section 4.1.3).</summary>
    public string ClientName { get; init; } = "[127.0.0.1]";

    /// <summary>
    /// A private certificate authority trusted instead of the system's. The host name and dates are still
    /// checked.
    /// </summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>Groups commands in one write where the server allows it (RFC 2920).</summary>
    public bool UsePipelining { get; init; } = true;

    /// <summary>
    /// Keeps the body back together with its dot, so that one write carries both. Saves a round trip; a
    /// connection that breaks during the body is then Uncertain instead of Deferred. Off for the promise, on
    /// for bulk tests.
    /// </summary>
    public bool SendBodyWithDot { get; init; }

    /// <summary>
    /// Sends every body by BDAT where the server offers CHUNKING (RFC 3030), the last chunk held back as the
    /// dot is. Off, because it gains nothing: DATA goes out with the recipients and its body needs no
    /// answer, while every chunk needs one. Whatever this says, a message that DATA cannot carry (lines
    /// over 998 octets, NUL) goes by BDAT when the server offers BINARYMIME too.
    /// </summary>
    public bool UseChunking { get; init; }

    /// <summary>How long each stage may take.</summary>
    public SmtpTimeouts Timeouts { get; init; } = new();

    /// <summary>The clock of all time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the conversation is written, without secrets; null writes none.</summary>
    public WireLog? Log { get; init; }
}

/// <summary>
/// The longest wait per stage, for the whole answer (RFC 5321 section 4.5.3.2). A server that drips
/// single bytes gains no time.
/// </summary>
public sealed record SmtpTimeouts
{
    /// <summary>TCP connection; the RFC names no figure.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The server's first line.</summary>
    public TimeSpan Banner { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>EHLO, STARTTLS, AUTH, RSET and NOOP.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The TLS handshake.</summary>
    public TimeSpan Tls { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>MAIL FROM.</summary>
    public TimeSpan Mail { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>RCPT TO.</summary>
    public TimeSpan Rcpt { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The answer to DATA.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Each block of the body handed to the network.</summary>
    public TimeSpan Block { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The answer to the final dot. Shorter waits make duplicates (RFC 1047).</summary>
    public TimeSpan Dot { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The answer to QUIT, which nothing depends on.</summary>
    public TimeSpan Quit { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How to log in.</summary>
public abstract record SmtpCredentials
{
    private protected SmtpCredentials()
    {
    }

    /// <summary>
    /// A user name and password: AUTH PLAIN, LOGIN or CRAM-MD5, the first the server offers.
    /// </summary>
    public sealed record WithPassword(string User, string Password) : SmtpCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => $"{User} with a password";
    }

    /// <summary>
    /// OAuth: OAUTHBEARER (RFC 7628) or XOAUTH2, the first the server offers. The token is asked for at each
    /// login.
    /// </summary>
    public sealed record WithToken(string User, Func<CancellationToken, ValueTask<string>> Token)
        : SmtpCredentials
    {
        /// <inheritdoc/>
        public override string ToString() => $"{User} with a token";
    }
}

/// <summary>
/// Who sends to whom on the wire; Bcc recipients stand only here. A null sender is the empty path.
/// </summary>
public sealed record SmtpEnvelope(EmailAddress? Sender, IReadOnlyList<EmailAddress> Recipients);
