using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Overture.Testing;

/// <summary>An authority made for one test, a certificate by it, and one to be refused.</summary>
public sealed class MailCertificates : IDisposable
{
    static readonly TimeSpan Validity = TimeSpan.FromDays(2);

    readonly ECDsa caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    public MailCertificates()
    {
        var request = new CertificateRequest("CN=Overture test authority", caKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        Ca = request.CreateSelfSigned(now - Validity - Validity, now + Validity);
    }

    public X509Certificate2 Ca { get; }

    /// <summary>Writes good.pem and bad.pem, each with its key.</summary>
    public void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "ca.pem"), Ca.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "good.pem"), Issue("localhost", now + Validity / 2));
        File.WriteAllText(Path.Combine(folder, "bad.pem"), Issue("other.example", now - Validity / 2));
    }

    public void Dispose()
    {
        Ca.Dispose();
        caKey.Dispose();
    }

    string Issue(string name, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var issued = request.Create(Ca, now - Validity, until, RandomNumberGenerator.GetBytes(8));
        // Postfix wants the key first.
        return key.ExportPkcs8PrivateKeyPem() + "\n" + issued.ExportCertificatePem() + "\n";
    }
}
