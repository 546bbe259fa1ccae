using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListWorkspacesCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("list", "List the workspaces.", [], async (run, cancel) =>
        {
            run.Out.Rows(
                await (await run.Get<Workspaces>(cancel)).All(cancel),
                ("Id", workspace => workspace.Id.ToString()),
                ("Name", workspace => workspace.Name),
                ("Time zone", workspace => workspace.TimeZone),
                ("Dry run", workspace => workspace.DryRun ? "on" : "off"),
                ("Sending", workspace =>
                    workspace.IsStopped ? $"stopped: {workspace.StopReason}" : "running"));
            return ExitCode.Ok;
        });
}
