using System.CommandLine;
using Overture.Providers;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListAnswersCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("answers", "List the providers whose answers can be read, with their calls.", [],
            (run, _) =>
            {
                run.Out.Rows(
                    [.. ProviderParse.Known.Select(known => new { known.Provider, known.Calls })],
                    ("Provider", known => known.Provider),
                    ("Calls", known => string.Join(", ", known.Calls)));
                return Task.FromResult(ExitCode.Ok);
            });
}
