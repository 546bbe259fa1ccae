using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CheckCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb("check", "Check everything a launch depends on.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var review = await (await run.Get<ReviewCampaign>(cancel))
                .Of(workspace.Id, run.Args.GetValue(id), cancel);
            if (run.Out.IsJson) run.Out.Data(review);
            else
                run.Out.Rows(
                    review.Lines,
                    ("", line => line.State.ToString().ToLowerInvariant()), ("What", line => line.Name),
                    ("How it stands", line => line.Sentence), ("What to do", line => line.Remedy ?? ""));
            return review.CanLaunch ? ExitCode.Ok : ExitCode.Refused;
        });
    }
}
