using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CampaignTrackingCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var opens = new Option<bool?>("--opens") { Description = "A pixel tells opens: true or false." };
        var clicks = new Option<bool?>("--clicks") { Description = "Links tell clicks: true or false." };
        return host.Verb(
            "tracking", "Show or change whether a campaign measures opens and clicks.", [id, opens, clicks],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var (campaign, trackings) = (run.Args.GetValue(id), await run.Get<Trackings>(cancel));
            var before = await trackings.Get(workspace.Id, campaign, cancel);
            var wanted = new CampaignTracking(
                run.Args.GetValue(opens) ?? before.Opens, run.Args.GetValue(clicks) ?? before.Clicks);
            if (wanted != before)
                await trackings.Put(workspace.Id, campaign, wanted, CliRun.By, cancel);
            run.Out.Show(
                wanted,
                $"Opens are {(wanted.Opens ? "" : "not ")}measured, "
                + $"clicks are {(wanted.Clicks ? "" : "not ")}measured.");
            return ExitCode.Ok;
        });
    }
}
