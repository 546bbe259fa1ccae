using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DisconnectProviderCommand
{
    public static Command Build(CliHost host)
    {
        var provider = new Argument<string>("provider") { Description = "A connected service." };
        var yes = CliHost.Yes();
        return host.Verb("disconnect", "Forget the credential. What was learned stays.", [provider, yes],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var name = run.Args.GetValue(provider)!;
                run.Confirm($"The credential of {name} is forgotten, and it is not asked any more.", yes);
                await (await run.Get<Integrations>(cancel)).Disconnect(workspace.Id, name, cancel);
                run.Out.Show(new { provider = name, connected = false }, $"{name} is disconnected.");
                return ExitCode.Ok;
            });
    }
}
