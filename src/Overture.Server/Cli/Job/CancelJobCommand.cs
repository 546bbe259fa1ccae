using System.CommandLine;
using Overture.Core.Jobs;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CancelJobCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The job's number." };
        return host.Verb(
            "cancel", "Cancel a job; a running one stops at its next safe point.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<JobQueue>(cancel)).Cancel(workspace.Id, number, cancel);
            run.Out.Show(new { job = number, cancelled = true }, $"Job {number} is cancelled.");
            return ExitCode.Ok;
        });
    }
}
