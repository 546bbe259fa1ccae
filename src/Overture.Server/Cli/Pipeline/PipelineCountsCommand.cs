using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class PipelineCountsCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("counts", "How far the leads have come.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var counts = await (await run.Get<PipelineReport>(cancel)).Counts(workspace.Id, cancel);
            run.Out.Show(
                counts,
                $"collected\t{counts.Collected}", $"enriched\t{counts.Enriched}", $"ranked\t{counts.Ranked}",
                $"enrolled\t{counts.Enrolled}", $"composed\t{counts.Composed}", $"sent\t{counts.Sent}",
                $"captured\t{counts.Captured}", $"failed\t{counts.Failed}", $"replied\t{counts.Replied}");
            return ExitCode.Ok;
        });
}
