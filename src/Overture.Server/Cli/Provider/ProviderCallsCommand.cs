using System.CommandLine;
using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ProviderCallsCommand
{
    const int Usual = 50;

    public static Command Build(CliHost host)
    {
        var provider = new Option<string?>("--provider") { Description = "Only this service." };
        var limit = Number.Option("--limit", "At most so many:", Usual, 1, PageSize.Most);
        return host.Verb(
            "calls", "List the calls made, newest first: time, cost, outcome.", [provider, limit],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var calls = await (await run.Get<Integrations>(cancel)).Calls(
                    workspace.Id, run.Args.GetValue(provider), null, run.Args.GetValue(limit), cancel);
                run.Out.Rows(
                    calls,
                    ("When", call =>
                        call.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
                    ("Provider", call => call.Provider),
                    ("Call", call => call.Operation),
                    ("Try", call => call.Attempt.ToString(CultureInfo.InvariantCulture)),
                    ("Outcome", call => call.Outcome),
                    ("Cost", call => call.Cost.ToString("0.######", CultureInfo.InvariantCulture)),
                    ("ms", call => call.DurationMs.ToString(CultureInfo.InvariantCulture)));
                return ExitCode.Ok;
            });
    }
}
