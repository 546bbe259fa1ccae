using System.Security.Cryptography.X509Certificates;

namespace Overture.Mail;

/// <summary>How a connection is encrypted (RFC 8314).</summary>
public enum ImapSecurity
{
    /// <summary>TLS from the first byte, usually port 993.</summary>
    ImplicitTls,

    /// <summary>TLS by STARTTLS, usually port 143; without it there is no session.</summary>
    StartTls,

    /// <summary>None: only for a server on this machine. A secret is never sent so to another host.</summary>
    None,
}

/// <summary>Where and how to connect.</summary>
/// <param name="Host">The host name, which the certificate must bear.</param>
/// <param name="Port">The port.</param>
/// <param name="Security">The encryption.</param>
public sealed record ImapServer(
    string Host, int Port = 993, ImapSecurity Security = ImapSecurity.ImplicitTls);

/// <summary>What to log in with.</summary>
public abstract record ImapLogin
{
    ImapLogin() { }

    /// <summary>A user name and a password.</summary>
    /// <param name="User">The user name.</param>
    /// <param name="Secret">The password.</param>
    public sealed record Password(string User, string Secret) : ImapLogin
    {
        /// <inheritdoc/>
        public override string ToString() => $"password of {User}";
    }

    /// <summary>A user name and an OAuth 2 access token (RFC 7628, or the older XOAUTH2).</summary>
    /// <param name="User">The user name.</param>
    /// <param name="AccessToken">The token.</param>
    public sealed record OAuth(string User, string AccessToken) : ImapLogin
    {
        /// <inheritdoc/>
        public override string ToString() => $"token of {User}";
    }
}

/// <summary>The surroundings of a session.</summary>
public sealed record ImapOptions
{
    /// <summary>The clock of time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Keeps the lines of the conversation, without secrets and without the bytes of messages.
    /// </summary>
    public WireLog? WireLog { get; init; }

    /// <summary>Authorities trusted instead of the machine's; null for the machine's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>
    /// What the client says about itself (RFC 2971); some servers admit nobody who says nothing.
    /// </summary>
    public string ClientName { get; init; } = "Overture";
}
