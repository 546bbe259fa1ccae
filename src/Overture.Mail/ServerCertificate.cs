using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Overture.Mail;

/// <summary>
/// Checks the certificate of a mail server and remembers, as a sentence, why it was refused (RFC 6125). Host
/// name and dates are always checked.
/// </summary>
/// <param name="host">The name that must stand in it.</param>
/// <param name="authorities">Trusted instead of the system's; null for the system's.</param>
sealed class ServerCertificate(string host, X509Certificate2Collection? authorities)
{
    /// <summary>The chain rules: the system's, or only the private authorities given.</summary>
    public X509ChainPolicy? Policy { get; } = authorities is null ? null : Only(authorities);

    /// <summary>Why the certificate was refused; null when it was not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the certificate is for another host.</summary>
    public bool IsForAnother { get; private set; }

    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        IsForAnother = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        Problem = errors == SslPolicyErrors.None ? null : Explain(certificate, chain, errors);
        return Problem is null;
    }

    string Explain(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return $"{host} shows no certificate.";
        if (IsForAnother)
            return $"The certificate of {host} is for another name ({certificate.Subject}).";
        var states = chain?.ChainStatus.Select(state => state.Status).ToArray() ?? [];
        if (states.Contains(X509ChainStatusFlags.NotTimeValid))
        {
            return $"The certificate of {host} has expired or is not valid yet "
                + $"({certificate.GetEffectiveDateString()} to {certificate.GetExpirationDateString()}).";
        }

        if (states.Contains(X509ChainStatusFlags.Revoked)) return $"The certificate of {host} was revoked.";
        return certificate.Subject == certificate.Issuer
            ? $"The certificate of {host} is self-signed, by nobody trusted here ({certificate.Issuer})."
            : $"The certificate of {host} is by an authority not trusted here ({certificate.Issuer}).";
    }

    static X509ChainPolicy Only(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
