using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Overture.Testing;

/// <summary>A private authority and its certificates, made anew in each test process.</summary>
static class SmtpSinkCertificates
{
    static readonly DateTimeOffset NotBefore = TimeProvider.System.GetUtcNow().AddDays(-10);
    static readonly X509Certificate2 Authority = CreateAuthority("CN=Overture test authority");
    static readonly Lazy<X509Certificate2> Good = new(() => Issue("localhost", NotBefore.AddDays(30)));
    static readonly Lazy<X509Certificate2> OtherName =
        new(() => Issue("mail.example", NotBefore.AddDays(30)));
    static readonly Lazy<X509Certificate2> Expired = new(() => Issue("localhost", NotBefore.AddDays(5)));
    static readonly Lazy<X509Certificate2> SelfSigned = new(() => CreateAuthority("CN=localhost"));

    public static X509Certificate2Collection Authorities { get; } =
        [X509CertificateLoader.LoadCertificate(Authority.RawData)];

    public static X509Certificate2 Of(SmtpSinkCertificate kind) => kind switch
    {
        SmtpSinkCertificate.OtherName => OtherName.Value,
        SmtpSinkCertificate.Expired => Expired.Value,
        SmtpSinkCertificate.SelfSigned => SelfSigned.Value,
        _ => Good.Value,
    };

    static X509Certificate2 CreateAuthority(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(NotBefore, NotBefore.AddDays(60));
    }

    static X509Certificate2 Issue(string host, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var issued = request.Create(Authority, NotBefore, notAfter, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
