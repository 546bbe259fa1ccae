using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListApprovalsCommand
{
    const int Most = 100;

    public static Command Build(CliHost host)
    {
        var campaign = new Option<long?>("--campaign") { Description = "Only of this campaign." };
        return host.Verb(
            "list", "List the messages that wait for approval, with their text and its hash.", [campaign],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var rows = await (await run.Get<ApprovalReport>(cancel)).Waiting(
                workspace.Id, run.Args.GetValue(campaign), null, null, Most, cancel);
            run.Out.Rows(
                rows,
                ("Id", row => row.Id.ToString()),
                ("To", row => row.ToAddress ?? ""),
                ("Subject", row => row.Subject),
                ("Text", row => row.Body.ReplaceLineEndings(" ")),
                ("Hash", row => row.Hash));
            return ExitCode.Ok;
        });
    }
}
