using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListEnrollmentsCommand
{
    const int Most = 200;

    public static Command Build(CliHost host)
    {
        var campaign = new Argument<long>("campaign") { Description = "The campaign's number." };
        var state = new Option<string?>("--state")
        {
            Description = "active, paused, finished, or a reason such as replied.",
        };
        return host.Verb("list", "List a campaign's contacts, the newest first.", [campaign, state],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var rows = await (await run.Get<EnrollmentReport>(cancel)).List(
                workspace.Id, run.Args.GetValue(campaign), null, run.Args.GetValue(state), null, Most,
                cancel);
            run.Out.Rows(
                rows,
                ("Id", row => row.Id.ToString()),
                ("Contact", row => row.ContactName),
                ("State", row => row.FinishReason ?? row.State.ToString().ToLowerInvariant()),
                ("Step", row => row.Position == 0 ? "" : row.Position.ToString()),
                ("Waits for", row => row.BlockedReason ?? row.WaitsFor ?? ""),
                ("Due", row => row.DueAt?.ToString("yyyy-MM-dd HH:mm 'UTC'") ?? ""));
            return ExitCode.Ok;
        });
    }
}
