using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class StartCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var pilot = new Option<int?>("--pilot")
        {
            Description = "Enroll only so many contacts until “overture campaign release”.",
        };
        return host.Verb(
            "start", "Start or resume a campaign, unless its checklist forbids; nobody is sent a step again.",
            [id, pilot],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<LaunchCampaign>(cancel)).Start(
                workspace.Id, number, run.Args.GetValue(pilot), cancel);
            run.Out.Show(new { campaign = number, state = "running" }, $"Campaign {number} is running.");
            return ExitCode.Ok;
        });
    }
}
