using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class SyntheticCommand
{
    public static Command Build(CliHost host)
    {
        var count = Number.Option(
            "--count", "How many leads:", Demo.LeadCount, 1, SyntheticLeads.MaxCount);
        var seed = new Option<int>("--seed")
        {
            Description = "The same seed gives the same people.",
            DefaultValueFactory = _ => 1,
        };
        return host.Verb(
            "synthetic", "Make leads for demos and load, on reserved domains.", [count, seed],
            (run, cancel) =>
            LongJob.Run(
                run, CollectSynthetic.Name,
                new CollectSynthetic.Args(run.Args.GetValue(count), run.Args.GetValue(seed)),
                "Synthetic leads", cancel));
    }
}
