using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CampaignCountersCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(
            "counters", "Count what a campaign did and what came back.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var counted = await (await run.Get<CampaignReport>(cancel))
                .Of(workspace.Id, run.Args.GetValue(id), cancel);
            (string Name, long Count)[] rows =
            [
                ("Enrolled", counted.Enrolled), ("Active", counted.Active), ("Finished", counted.Finished),
                ("Composed", counted.Composed), ("Captured", counted.Captured), ("Sent", counted.Sent),
                ("Delivered", counted.Delivered), ("Opened by people", counted.Opened),
                ("Opened by machines", counted.OpenedByMachines), ("Clicked", counted.Clicked),
                ("Replied", counted.Replied), ("Positive", counted.Positive), ("Bounced", counted.Bounced),
                ("Unsubscribed", counted.Unsubscribed), ("Tasks done", counted.TasksDone),
                ("Failed", counted.Failed), ("Uncertain", counted.Uncertain),
            ];
            if (run.Out.IsJson) run.Out.Data(counted);
            else
                run.Out.Rows(rows, ("Counter", row => row.Name), ("Count", row => row.Count.ToString()));
            return ExitCode.Ok;
        });
    }
}
