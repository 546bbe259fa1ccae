using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DuplicateCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb("duplicate", "Copy a campaign into a new draft.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var copy = await (await run.Get<Campaigns>(cancel))
                .Duplicate(workspace.Id, run.Args.GetValue(id), cancel);
            run.Out.Show(new { campaign = copy, state = "draft" }, $"Campaign {copy} is the copy, a draft.");
            return ExitCode.Ok;
        });
    }
}
