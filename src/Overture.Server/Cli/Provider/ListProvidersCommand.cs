using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListProvidersCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("list", "List the outside services: connected or not, what today has cost.", [],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var all = await IntegrationsApi.Views(
                    workspace.Id, await run.Get<Integrations>(cancel), cancel);
                run.Out.Rows(
                    all,
                    ("Provider", one => one.Provider),
                    ("State", one => one.IsConnected ? one.IsEnabled ? "connected" : "off" : "not connected"),
                    ("Today", one => $"{one.SpentToday:0.####}{Of(one.DailyBudget)} {one.Unit}"),
                    ("Calls", one => one.CallsToday.ToString(CultureInfo.InvariantCulture)),
                    ("Last success", one => When(one.LastSuccessAt)),
                    ("Answers", one => string.Join(", ", one.Answers)));
                return ExitCode.Ok;
            });

    static string Of(decimal? budget) => budget is { } most ? $" of {most:0.####}" : "";

    static string When(DateTime? at) =>
        at?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";
}
