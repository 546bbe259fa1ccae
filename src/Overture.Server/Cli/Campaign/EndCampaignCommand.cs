using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The verbs that change a campaign as a whole and need no more than its number.</summary>
static class EndCampaignCommand
{
    public static Command Build(CliHost host) => Verb(
        host, "end", "End a campaign for everybody still in it.", "ended",
        (campaigns, workspace, id, cancel) => campaigns.End(workspace, id, cancel));

    public static Command BuildRelease(CliHost host) => Verb(
        host, "release", "End a campaign's pilot: enroll its whole audience.", "released",
        (campaigns, workspace, id, cancel) => campaigns.Release(workspace, id, cancel));

    static Command Verb(
        CliHost host, string name, string description, string done,
        Func<Campaigns, long, long, CancellationToken, Task> act)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb(name, description, [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await act(await run.Get<Campaigns>(cancel), workspace.Id, number, cancel);
            run.Out.Show(new { campaign = number, state = done }, $"Campaign {number} is {done}.");
            return ExitCode.Ok;
        });
    }
}
