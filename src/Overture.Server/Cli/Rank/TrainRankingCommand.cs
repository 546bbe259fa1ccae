using System.CommandLine;
using Overture.Core.Jobs;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class TrainRankingCommand
{
    public static Command Build(CliHost host) => host.Verb(
        "train", "Learn the ranking anew from what came back; it serves if it is no worse.", [],
        async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var id = await (await run.Get<JobQueue>(cancel)).Enqueue(
                workspace.Id, TrainRanking.Name, new TrainRanking.Args(), CliRun.By, cancel,
                TrainRanking.UniqueKey);
            return await LongJob.Watch(run, workspace.Id, id, "Training", cancel);
        });
}
