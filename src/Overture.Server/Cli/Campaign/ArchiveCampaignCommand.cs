using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ArchiveCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb("archive", "Put a campaign away for good.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Campaigns>(cancel)).Archive(workspace.Id, number, cancel);
            run.Out.Show(new { campaign = number, state = "archived" }, $"Campaign {number} is archived.");
            return ExitCode.Ok;
        });
    }
}
