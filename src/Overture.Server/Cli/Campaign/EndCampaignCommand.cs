using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The verbs that change a campaign as a whole and need no more than its number.</summary>
static class EndCampaignCommand
{
    public static Command Build(CliHost host) => Verb(
        host, "end", "End a campaign for everybody still in it.", "ended",
        (campaigns, workspace, id, cancel) => campaigns.End(workspace, id, cancel),
        "What the {0:N0} people in “{1}” have yet to get is cancelled, and it cannot go on.");

    public static Command BuildArchive(CliHost host) => Verb(
        host, "archive", "Put a campaign away for good.", "archived",
        (campaigns, workspace, id, cancel) => campaigns.Archive(workspace, id, cancel),
        "What the {0:N0} people in “{1}” have yet to get is cancelled, and it is put away for good.");

    public static Command BuildRelease(CliHost host) => Verb(
        host, "release", "End a campaign's pilot: enroll its whole audience.", "released",
        (campaigns, workspace, id, cancel) => campaigns.Release(workspace, id, cancel));

    static Command Verb(
        CliHost host, string name, string description, string done,
        Func<Campaigns, long, long, CancellationToken, Task> act, string? consequence = null)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var yes = CliHost.Yes();
        Symbol[] symbols = consequence is null ? [id] : [id, yes];
        return host.Verb(name, description, symbols, async (run, cancel) =>
        {
            var (campaigns, workspace) = (await run.Get<Campaigns>(cancel), await run.Workspace(cancel));
            var number = run.Args.GetValue(id);
            if (consequence is not null)
            {
                var campaign = (await campaigns.Get(workspace.Id, number, cancel)).Campaign;
                var counters = await (await run.Get<CampaignReport>(cancel))
                    .Of(workspace.Id, number, cancel);
                run.Confirm(
                    string.Format(
                        CultureInfo.InvariantCulture, consequence, counters.Active, campaign.Name), yes);
            }

            await act(campaigns, workspace.Id, number, cancel);
            run.Out.Show(new { campaign = number, state = done }, $"Campaign {number} is {done}.");
            return ExitCode.Ok;
        });
    }
}
