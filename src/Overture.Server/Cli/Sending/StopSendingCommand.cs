using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class StopSendingCommand
{
    public static Command Build(CliHost host)
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Why, in a few words.",
            DefaultValueFactory = _ => "Stopped from the command line",
        };
        return host.Verb("stop", "Stop all sending of a workspace at once.", [reason], async (run, cancel) =>
        {
            var (workspaces, workspace) = (await run.Get<Workspaces>(cancel), await run.Workspace(cancel));
            await workspaces.Stop(workspace.Id, CliRun.By, run.Args.GetValue(reason)!, cancel);
            run.Out.Show(
                new { workspace = workspace.Id, stopped = true },
                $"Sending is stopped in {workspace.Name}. Start again with: overture sending resume");
            return ExitCode.Ok;
        });
    }
}
