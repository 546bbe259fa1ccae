using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class EnrichCommand
{
    public static Command Build(CliHost host)
    {
        var all = new Option<bool>("--all")
        {
            Description = "Every lead in pursuit once more, as after connecting a service; kept answers are free.",
        };
        return host.Verb(
            "run", "Enrich the leads that wait: connected services in their order, then the offline rules.",
            [all], (run, cancel) => LongJob.Run(
                run, EnrichAgain.Name, new EnrichAgain.Args(run.Args.GetValue(all)), "Leads", cancel));
    }
}
