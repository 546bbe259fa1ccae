using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CampaignTrackingCommand
{
    const string On = "on";
    const string Off = "off";

    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var opens = Switch("--opens", "A pixel tells opens: on or off.");
        var clicks = Switch("--clicks", "Links tell clicks: on or off.");
        return host.Verb(
            "tracking", "Show or change whether a campaign measures opens and clicks.", [id, opens, clicks],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var (campaign, trackings) = (run.Args.GetValue(id), await run.Get<Trackings>(cancel));
            await (await run.Get<Campaigns>(cancel)).Get(workspace.Id, campaign, cancel);
            var before = await trackings.Get(workspace.Id, campaign, cancel);
            var wanted = new CampaignTracking(
                IsOn(run.Args.GetValue(opens)) ?? before.Opens,
                IsOn(run.Args.GetValue(clicks)) ?? before.Clicks);
            if (wanted != before)
                await trackings.Put(workspace.Id, campaign, wanted, CliRun.By, cancel);
            run.Out.Show(
                wanted,
                $"Opens are {(wanted.Opens ? "" : "not ")}measured, "
                + $"clicks are {(wanted.Clicks ? "" : "not ")}measured.");
            return ExitCode.Ok;
        });
    }
    static Option<string?> Switch(string name, string meaning)
    {
        var option = new Option<string?>(name) { Description = meaning };
        option.AcceptOnlyFromAmong(On, Off);
        return option;
    }

    static bool? IsOn(string? word) => word is null ? null : word == On;
}
