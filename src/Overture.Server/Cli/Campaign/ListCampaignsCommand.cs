using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListCampaignsCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("list", "List the campaigns with their counters.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var campaigns = await (await run.Get<Campaigns>(cancel)).List(workspace.Id, cancel);
            var counters = (await (await run.Get<CampaignReport>(cancel)).All(workspace.Id, cancel))
                .ToDictionary(row => row.CampaignId);
            if (run.Out.IsJson)
                run.Out.Data(
                    campaigns.Select(campaign => new { campaign, counters = counters[campaign.Id] }));
            else
                run.Out.Rows(
                    campaigns,
                    ("Id", campaign => campaign.Id.ToString()),
                    ("Name", campaign => campaign.Name),
                    ("State", campaign => campaign.State.ToString().ToLowerInvariant()),
                    ("Enrolled", campaign => counters[campaign.Id].Enrolled.ToString()),
                    ("Captured", campaign => counters[campaign.Id].Captured.ToString()),
                    ("Sent", campaign => counters[campaign.Id].Sent.ToString()),
                    ("Replied", campaign => counters[campaign.Id].Replied.ToString()));
            return ExitCode.Ok;
        });
}
