using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ResumeSendingCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("resume", "Let a stopped workspace send again.", [], async (run, cancel) =>
        {
            var (workspaces, workspace) = (await run.Get<Workspaces>(cancel), await run.Workspace(cancel));
            await workspaces.Resume(workspace.Id, cancel);
            run.Out.Show(
                new { workspace = workspace.Id, stopped = false }, $"{workspace.Name} may send again.");
            return ExitCode.Ok;
        });
}
