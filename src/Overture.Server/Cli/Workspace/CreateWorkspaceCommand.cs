using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CreateWorkspaceCommand
{
    public static Command Build(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "What the team calls it." };
        var zone = new Option<string>("--time-zone")
        {
            Description = "IANA name, such as Europe/Vienna.",
            DefaultValueFactory = _ => "UTC",
        };
        return host.Verb("create", "Make a workspace.", [name, zone], async (run, cancel) =>
        {
            var id = await (await run.Get<Workspaces>(cancel)).Add(
                run.Args.GetValue(name)!, run.Args.GetValue(zone)!, cancel);
            run.Out.Show(new { id }, $"Workspace {id} is ready.");
            return ExitCode.Ok;
        });
    }
}
