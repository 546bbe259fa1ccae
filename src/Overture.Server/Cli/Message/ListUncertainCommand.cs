using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListUncertainCommand
{
    public static Command Build(CliHost host) =>
        host.Verb(
            "uncertain", "List messages of which nobody knows yet whether they arrived.", [],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var open = await (await run.Get<SettleSend>(cancel)).Open(workspace.Id, cancel);
                if (run.Out.IsJson) run.Out.Data(open);
                else if (open.Count == 0) run.Out.Say("The fate of every message is known.");
                else
                    foreach (var message in open)
                        Console.Out.WriteLine(
                            $"{message.Id,-8} {message.ToAddress,-36} "
                            + $"{(message.IsSearchedFor ? "is looked for" : "waits for a person")}");
                return ExitCode.Ok;
            });
}
