using System.Net;

namespace Overture.Core.Pipeline;

/// <summary>A fetch of a pixel or a link, as the web server saw it.</summary>
public sealed record Visit(
    string Token, string UserAgent, IPAddress? Address, bool IsHead, bool IsOurs, bool IsPrefetch);

/// <summary>Whether a person or a machine made a visit, and by what it shows.</summary>
static class VisitReader
{
    /// <summary>Nobody reads a mail so soon after it left; scanners do.</summary>
    static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(10);

    /// <summary>Programs that fetch what a mail shows before, or instead of, its reader.</summary>
    static readonly (string Word, string Reason)[] Programs =
    [
        ("googleimageproxy", "google image proxy"), ("yahoomailproxy", "yahoo image proxy"),
        ("bot", "robot"), ("crawl", "robot"), ("spider", "robot"), ("slurp", "robot"), ("preview", "link preview"),
        ("facebookexternalhit", "link preview"), ("whatsapp", "link preview"), ("skypeuri", "link preview"),
        ("safelinks", "mail scanner"), ("barracuda", "mail scanner"), ("proofpoint", "mail scanner"),
        ("mimecast", "mail scanner"), ("ironport", "mail scanner"), ("fireeye", "mail scanner"),
        ("symantec", "mail scanner"), ("trendmicro", "mail scanner"), ("sophos", "mail scanner"),
        ("forcepoint", "mail scanner"), ("mailscanner", "mail scanner"), ("urldefense", "mail scanner"),
        ("curl", "program"), ("wget", "program"), ("python", "program"), ("java/", "program"),
        ("okhttp", "program"), ("go-http-client", "program"), ("libwww", "program"), ("httpclient", "program"),
        ("headless", "program"), ("phantomjs", "program"), ("node-fetch", "program"), ("axios", "program"),
    ];

    /// <summary>Networks of mail scanners and of Apple's own fetches.</summary>
    static readonly (IPNetwork Network, string Reason)[] Networks =
    [
        (IPNetwork.Parse("17.0.0.0/8"), "apple mail privacy"),
        (IPNetwork.Parse("209.222.80.0/21"), "mail scanner"), (IPNetwork.Parse("64.235.144.0/20"), "mail scanner"),
        (IPNetwork.Parse("67.231.144.0/20"), "mail scanner"), (IPNetwork.Parse("148.163.128.0/19"), "mail scanner"),
        (IPNetwork.Parse("207.211.30.0/23"), "mail scanner"), (IPNetwork.Parse("205.139.110.0/23"), "mail scanner"),
        (IPNetwork.Parse("40.92.0.0/15"), "mail scanner"), (IPNetwork.Parse("40.107.0.0/16"), "mail scanner"),
        (IPNetwork.Parse("66.249.64.0/19"), "robot"),
    ];

    /// <summary>Why it was a machine; null for a person, as far as can be told.</summary>
    public static string? MachineReason(Visit visit, DateTime? sentAt, DateTime now)
    {
        var agent = visit.UserAgent.ToLowerInvariant().Trim();
        if (visit.IsHead) return "asked without fetching";
        if (visit.IsPrefetch) return "fetched ahead";
        if (agent.Length == 0) return "says nothing about itself";
        // Apple's mail privacy protection shows this and no more, whatever the device.
        if (agent is "mozilla/5.0") return "apple mail privacy";
        foreach (var (word, reason) in Programs)
            if (agent.Contains(word, StringComparison.Ordinal)) return reason;
        if (visit.Address is { } address)
        {
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            foreach (var (network, reason) in Networks)
                if (network.Contains(plain)) return reason;
        }

        if (sentAt is null) return "before it left";
        return now - sentAt < TooSoon ? "within seconds of leaving" : null;
    }
}
