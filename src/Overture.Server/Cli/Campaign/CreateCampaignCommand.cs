using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CreateCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var file = new Argument<string>("file") { Description = CampaignFile.Description };
        return host.Verb("create", "Write a campaign from a file; it is a draft.", [file],
            async (run, cancel) =>
            {
                var campaign = await CampaignFile.Read(run.Args.GetValue(file)!, cancel);
                var (workspace, campaigns) = (await run.Workspace(cancel), await run.Get<Campaigns>(cancel));
                var id = await campaign.Use(draft => campaigns.Create(workspace.Id, draft, cancel));
                run.Out.Show(
                    await campaigns.Get(workspace.Id, id, cancel),
                    $"Campaign {id} is a draft. Check it with: overture campaign check {id}");
                return ExitCode.Ok;
            });
    }
}
