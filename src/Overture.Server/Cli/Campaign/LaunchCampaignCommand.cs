using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class LaunchCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var pilot = new Option<int?>("--pilot") { Description = "Begin with so many people only." };
        var count = new Option<long?>("--count")
        {
            Description = "How many people may be written to; asked for above a hundred.",
        };
        return host.Verb(
            "launch", "Start a campaign, unless its checklist forbids.", [id, pilot, count],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var review = await (await run.Get<LaunchCampaign>(cancel)).Run(
                    workspace.Id, run.Args.GetValue(id), run.Args.GetValue(pilot), run.Args.GetValue(count),
                    cancel);
                run.Out.Show(review, $"“{review.Name}” is running.");
                return ExitCode.Ok;
            });
    }
}
