using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CampaignStepsCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(
            "steps", "Show a campaign's steps, who waits for them and what came back.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            await (await run.Get<Campaigns>(cancel)).Get(workspace.Id, run.Args.GetValue(id), cancel);
            var steps = await (await run.Get<SequenceReport>(cancel))
                .Steps(workspace.Id, run.Args.GetValue(id), cancel);
            run.Out.Rows(
                steps,
                ("Step", step => step.Position == 0 ? "removed" : step.Position.ToString()),
                ("Kind", step => step.Kind.ToString().ToLowerInvariant()),
                ("Here now", step => step.Waiting.ToString()),
                ("Reached", step => step.Reached.ToString()),
                ("Done", step => step.Sent.ToString()),
                ("Opened", step => step.Opened.ToString()),
                ("Clicked", step => step.Clicked.ToString()),
                ("Replied", step => step.Replied.ToString()),
                ("Positive", step => step.Positive.ToString()));
            return ExitCode.Ok;
        });
    }
}
