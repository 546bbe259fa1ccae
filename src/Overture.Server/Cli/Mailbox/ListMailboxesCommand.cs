using System.CommandLine;
using System.Globalization;
using Overture.Core.Reports;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListMailboxesCommand
{
    public static Command Build(CliHost host) =>
        host.Verb(
            "list", "List the mailboxes, what left from them and what came back.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var senders = await (await run.Get<DeliverabilityReport>(cancel))
                .Senders(workspace.Id, DeliverabilityReport.Spans[0], cancel);
            run.Out.Rows(
                [.. senders.Select(SenderHealthView.Of)],
                ("Id", one => one.MailboxId.ToString(CultureInfo.InvariantCulture)),
                ("Address", one => one.Address),
                ("Standing", one => one.Band.ToString().ToLowerInvariant()),
                ("Today", one => $"{one.SentToday} of {one.AllowedToday}"),
                ("Sent in 7 days", one => one.Sent.ToString("N0", CultureInfo.InvariantCulture)),
                ("Bounced", one => one.Bounced.ToString("N0", CultureInfo.InvariantCulture)),
                ("Spam reports", one => one.Complained.ToString("N0", CultureInfo.InvariantCulture)));
            return ExitCode.Ok;
        });
}
