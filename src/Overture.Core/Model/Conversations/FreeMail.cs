using Overture.Mail.Dns;

namespace Overture.Core.Model;

/// <summary>Domains where everybody can have an address: sharing one makes nobody a colleague.</summary>
static class FreeMail
{
    static readonly Lazy<HashSet<string>> Domains = new(Read);

    /// <summary>The registrable domain of a company's address; null for free mail and for no address.</summary>
    public static string? CompanyDomainOf(string? address)
    {
        if (address is null || address.LastIndexOf('@') is not (> 0 and var at)) return null;
        var domain = PublicSuffix.RegistrableDomain(address[(at + 1)..]);
        return domain is null || Domains.Value.Contains(domain) ? null : domain;
    }

    static HashSet<string> Read()
    {
        using var stream = typeof(FreeMail).Assembly.GetManifestResourceStream("free-mail-domains.txt")
            ?? throw new InvalidOperationException("The resource free-mail-domains.txt is not part of this build.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Length > 0 && line[0] != '#')];
    }
}
