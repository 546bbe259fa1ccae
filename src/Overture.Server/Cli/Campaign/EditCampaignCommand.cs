using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class EditCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var file = new Argument<string>("file") { Description = CampaignFile.Description };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Say what would change, and for how many; change nothing.",
        };
        return host.Verb(
            "edit",
            "Rewrite a campaign, running or not, from a file. A step or text keeps what it was by its id; "
            + "“campaign show --draft” prints the file as it stands.",
            [id, file, dryRun],
            async (run, cancel) =>
            {
                var number = run.Args.GetValue(id);
                var edited = await CampaignFile.Read(run.Args.GetValue(file)!, cancel);
                var (workspace, campaigns) = (await run.Workspace(cancel), await run.Get<Campaigns>(cancel));
                var onlyAsked = run.Args.GetValue(dryRun);
                var changes = await edited.Use(async draft =>
                {
                    var changes = await campaigns.Compare(workspace.Id, number, draft, cancel);
                    if (!onlyAsked) await campaigns.Update(workspace.Id, number, draft, cancel);
                    return changes;
                });
                run.Out.Show(
                    new { campaign = number, saved = !onlyAsked, changes },
                    [
                        .. changes.Select(change => change.Sentence),
                        onlyAsked ? "Nothing is saved." : $"Campaign {number} is saved.",
                    ]);
                return ExitCode.Ok;
            });
    }
}
