using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Mail.Dns;

namespace Overture.Server.Web;

public sealed partial class DeliverabilityPage(
    PageState state, CheckDomains domains, DeliverabilityReport report)
    : LoadedPage(state)
{
    int Days { get; set; }

    IReadOnlyList<SenderDomain> Domains { get; set; } = [];

    IReadOnlyList<SenderHealth> Senders { get; set; } = [];

    protected override async Task Load()
    {
        Days = int.TryParse(Query("days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && DeliverabilityReport.Spans.Contains(days) ? days : DeliverabilityReport.Spans[0];
        Senders = await report.Senders(WorkspaceId, Days, Cancel);
        Domains = [.. (await domains.List(WorkspaceId, Cancel))
            .OrderBy(domain => domain.FailingSince is null).ThenBy(domain => domain.Domain)];
    }

    static string Advice(SenderHealth one) => one.Band switch
    {
        SenderBand.Quarantine => one.Mailbox.BrokenReason ?? one.Mailbox.PausedReason
            ?? "Too much bounces or is reported as spam: clean the list before it goes on.",
        SenderBand.Watch => "Half the way to its guardrail: verify addresses before writing to more.",
        SenderBand.Unproven => "Too few messages to tell.",
        _ => "",
    };

    static string WordOf(SenderBand band) => band switch
    {
        SenderBand.Healthy => "passed",
        SenderBand.Watch => "warn",
        SenderBand.Quarantine => "failed",
        _ => "unproven",
    };

    static string WordOf(FindingState state) => state switch
    {
        FindingState.Pass => "passed",
        FindingState.Fail => "failed",
        _ => "unknown",
    };

    static string Share(double share, long of, string format) =>
        of == 0 ? "" : $"({share.ToString(format, CultureInfo.InvariantCulture)})";

    static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    static string Slug(string domain) => domain.Replace('.', '-');
}
