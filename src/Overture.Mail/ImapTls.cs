using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Overture.Mail;

/// <summary>
/// The handshake, and what to tell the user when the certificate is not good (RFC 6125, RFC 8314).
/// </summary>
static class ImapTls
{
    public static async Task<SslStream> Open(
        Stream plain, ImapServer server, ImapOptions options, CancellationToken cancel)
    {
        string? problem = null;
        var tls = new SslStream(plain, leaveInnerStreamOpen: false, (_, certificate, chain, errors) =>
        {
            problem = errors == SslPolicyErrors.None
                ? null
                : Explain(server.Host, certificate, chain, errors);
            return problem is null;
        });
        var handshake = new SslClientAuthenticationOptions
        {
            TargetHost = server.Host,
            EnabledSslProtocols = SslProtocols.None,
        };
        if (options.TrustedAuthorities is { } roots)
        {
            handshake.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handshake.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        try
        {
            await tls.AuthenticateAsClientAsync(handshake, cancel);
            return tls;
        }
        catch (AuthenticationException failure)
        {
            await tls.DisposeAsync();
            throw problem is not null
                ? new ImapFailed(ImapFailureKind.Certificate, problem, failure)
                : new ImapFailed(ImapFailureKind.Unreachable,
                    $"{server.Host} answered, but no encryption could be agreed on.", failure);
        }
        catch (IOException failure)
        {
            await tls.DisposeAsync();
            throw new ImapFailed(ImapFailureKind.Unreachable,
                $"{server.Host} closed the connection before it was encrypted. Is port {server.Port} right?",
                failure);
        }
    }

    static string Explain(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return $"{host} shows no certificate.";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"The certificate of {host} is for another name ({certificate.Subject}).";
        var states = chain?.ChainStatus.Select(state => state.Status).ToArray() ?? [];
        if (states.Contains(X509ChainStatusFlags.NotTimeValid))
            return $"The certificate of {host} is not valid today ({certificate.GetExpirationDateString()}).";
        if (states.Contains(X509ChainStatusFlags.Revoked)) return $"The certificate of {host} was revoked.";
        return $"The certificate of {host} is by an authority not trusted here ({certificate.Issuer}).";
    }
}
