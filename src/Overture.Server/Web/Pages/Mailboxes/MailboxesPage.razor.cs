using System.Globalization;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class MailboxesPage(PageState state, Mailboxes mailboxes, TimeProvider time)
    : LoadedPage(state)
{
    static readonly string[] DayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    IReadOnlyList<Mailbox> Rows { get; set; } = [];

    DateTime Now => time.GetUtcNow().UtcDateTime;

    protected override async Task Load() => Rows = await mailboxes.List(WorkspaceId, Cancel);

    static string Number(int limit) => limit.ToString("N0", CultureInfo.InvariantCulture);

    static string Server(Mailbox box) =>
        box.IsGmail ? "Gmail" : box.CanReachAServer ? $"{box.SmtpHost}:{box.SmtpPort}, {box.SmtpSecurity}"
            : "no mail server yet: dry run only";

    static string Days(Mailbox box) => box.WorkingDays switch
    {
        { Length: 7 } => "every day",
        [1, 2, 3, 4, 5] => "Mon–Fri",
        var days => string.Join(", ", days.Select(day => DayNames[day - 1])),
    };

    static string Pace(Mailbox box) => box.MinGapSeconds == 0
        ? "no pause"
        : string.Create(CultureInfo.InvariantCulture, $"{box.MinGapSeconds / 60.0:0.#} min apart");

    static string Ramp(Mailbox box) => box.RampStep is { } step
        ? string.Create(
            CultureInfo.InvariantCulture, $"from {box.RampStart:N0}, {step:N0} more each day") : "";

    string Moment(Mailbox box) =>
        box.State is MailboxState.Paused or MailboxState.Broken
            || (box is { State: MailboxState.Untested, CanReachAServer: true } && !State.Workspace.DryRun)
            ? "Sends nothing"
        : box.Window.IsOpen(Now) ? "May send"
        : "Closed";
}
