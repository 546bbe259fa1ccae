using System.CommandLine;
using Overture.Core.Model;
using Overture.Ranking;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class RankingModeCommand
{
    public static Command Build(CliHost host)
    {
        var mode = Word.Argument<RankingMode>(
            "mode", "learned, cold_start (keywords and fit only) or fifo (arrival only).");
        return host.Verb(
            "mode", "Say what leads may be ordered by; those that wait are ordered anew.", [mode],
            async (run, cancel) =>
            {
                var (workspace, wanted) = (await run.Workspace(cancel), run.Args.GetValue(mode));
                await (await run.Get<Rankings>(cancel)).Switch(workspace.Id, wanted, CliRun.By, cancel);
                run.Out.Show(new { mode = wanted }, $"Leads are ordered by {wanted}, where it has its data.");
                return ExitCode.Ok;
            });
    }
}
