using Overture.Mail.Dns;

namespace Overture.Core.Model;

/// <summary>What receivers demand of a sending domain, as last seen.</summary>
public sealed record SenderDomain(
    string Domain, DateTime? CheckedAt, IReadOnlyList<DomainFinding> Findings, DateTime? FailingSince)
{
    /// <summary>What holds sending back; a missing way back is told, but stops nothing.</summary>
    static readonly string[] Demanded = ["SPF", "DKIM", "DMARC"];

    internal static bool IsDemanded(DomainFinding finding) => Demanded.Contains(finding.Check);

    /// <summary>
    /// Since when it fails: from the first look that saw it, until a look at which everything was in order.
    /// A look-up that failed says nothing either way.
    /// </summary>
    public static DateTime? FailsSince(
        IReadOnlyList<DomainFinding> findings, DateTime? before, DateTime now)
    {
        var demanded = findings.Where(IsDemanded).ToList();
        if (demanded.Any(finding => finding.State == FindingState.Fail)) return before ?? now;
        return demanded.Any(finding => finding.State == FindingState.Unknown) ? before : null;
    }
}
