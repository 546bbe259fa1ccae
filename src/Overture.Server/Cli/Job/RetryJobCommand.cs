using System.CommandLine;
using Overture.Core.Jobs;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class RetryJobCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The job's number." };
        return host.Verb(
            "retry", "Put a cancelled or discarded job back; it goes on from its checkpoint.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<JobQueue>(cancel)).Retry(workspace.Id, number, cancel);
            run.Out.Show(
                new { job = number, queued = true },
                $"Job {number} is queued again. Follow it with: overture job watch {number}");
            return ExitCode.Ok;
        });
    }
}
