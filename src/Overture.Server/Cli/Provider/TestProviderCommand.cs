using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class TestProviderCommand
{
    public static Command Build(CliHost host)
    {
        var provider = new Argument<string>("provider") { Description = "A connected service." };
        return host.Verb("test", "Make a free call that shows whether the settings work.", [provider],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var test = await (await run.Get<ProviderClients>(cancel))
                    .Test(workspace.Id, run.Args.GetValue(provider)!, cancel);
                run.Out.Show(test, test.Sentence);
                return test.Works ? ExitCode.Ok : ExitCode.Error;
            });
    }
}
