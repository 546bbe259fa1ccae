using System.CommandLine;

namespace Overture.Server.Cli;

static class WatchJobCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The job's number." };
        return host.Verb(
            "watch", "Follow a job to its end; work on it when nobody else does.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            return await LongJob.Watch(run, workspace.Id, number, $"Job {number}", cancel);
        });
    }
}
