using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class BlockersCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        return host.Verb("blockers", "Say why a campaign is not sending.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var obstacles = await (await run.Get<WhyNot>(cancel))
                .Of(workspace.Id, run.Args.GetValue(id), cancel);
            if (obstacles.Count == 0 && !run.Out.IsJson) run.Out.Say("Nothing is in the way.");
            run.Out.Rows(
                obstacles,
                ("Code", obstacle => obstacle.Code),
                ("Why", obstacle => obstacle.Sentence),
                ("What to do", obstacle => obstacle.Remedy),
                ("Holds up", obstacle => obstacle.Count.ToString()),
                ("Until", obstacle => obstacle.Until?.ToString("yyyy-MM-dd HH:mm 'UTC'") ?? ""));
            return ExitCode.Ok;
        });
    }
}
