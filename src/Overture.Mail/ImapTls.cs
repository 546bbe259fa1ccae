using System.Net.Security;
using System.Security.Authentication;

namespace Overture.Mail;

/// <summary>
/// The handshake, and what to tell the user when the certificate is not good (RFC 6125, RFC 8314).
/// </summary>
static class ImapTls
{
    public static async Task<SslStream> Open(
        Stream plain, ImapServer server, ImapOptions options, CancellationToken cancel)
    {
        var certificate = new ServerCertificate(server.Host, options.TrustedAuthorities);
        var tls = new SslStream(plain, leaveInnerStreamOpen: false);
        var handshake = new SslClientAuthenticationOptions
        {
            TargetHost = server.Host,
            EnabledSslProtocols = SslProtocols.None,
            CertificateChainPolicy = certificate.Policy,
            RemoteCertificateValidationCallback = certificate.Judge,
        };
        try
        {
            await tls.AuthenticateAsClientAsync(handshake, cancel);
            return tls;
        }
        catch (AuthenticationException failure)
        {
            await tls.DisposeAsync();
            throw certificate.Problem is { } problem
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
}
