using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class PauseCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(
            "pause", "Pause a campaign; nothing of it is sent until it is started again.", [id],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Campaigns>(cancel))
                .Pause(workspace.Id, number, "from the command line", cancel);
            run.Out.Show(new { campaign = number, state = "paused" }, $"Campaign {number} is paused.");
            return ExitCode.Ok;
        });
    }
}
