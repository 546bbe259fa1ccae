using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class RunPipelineCommand
{
    public static Command Build(CliHost host)
    {
        var count = Number.Option(
            "--synthetic", "Make so many synthetic leads first:", 0, 0, SyntheticLeads.MaxCount);
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the synthetic leads.",
            DefaultValueFactory = _ => 1,
        };
        return host.Verb(
            "run", "Take everything that is due through all phases, once.", [count, seed], (run, cancel) =>
            LongJob.Run(
                run, RunPipeline.Name,
                new RunPipeline.Args(run.Args.GetValue(count), run.Args.GetValue(seed)), "Pipeline", cancel));
    }
}
