using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DryRunCommand
{
    enum Act
    {
        Show,
        On,
        Off,
    }

    public static Command Build(CliHost host)
    {
        var act = Word.Argument<Act>("act", "on or off; show, as when left out, only tells.");
        act.DefaultValueFactory = _ => Act.Show;
        act.Arity = ArgumentArity.ZeroOrOne;
        var yes = new Option<bool>("--yes") { Description = "End the dry run without being asked." };
        return host.Verb(
            "dry-run",
            "The dry run does everything but the last step: messages are captured and reach nobody.",
            [act, yes],
            async (run, cancel) =>
            {
                var workspaces = await run.Get<Workspaces>(cancel);
                var workspace = await run.Workspace(cancel);
                var wanted = run.Args.GetValue(act);
                if (wanted == Act.Off && workspace.DryRun)
                    run.Confirm(await Warning(run, workspace, cancel), yes);
                if (wanted != Act.Show) await workspaces.SetDryRun(workspace.Id, wanted == Act.On, cancel);
                var isOn = (await workspaces.Get(workspace.Id, cancel)).DryRun;
                run.Out.Show(
                    new { workspace = workspace.Id, dryRun = isOn },
                    isOn
                        ? $"The dry run of {workspace.Name} is on: nothing reaches anybody."
                        : $"The dry run of {workspace.Name} is off: messages reach people.");
                return ExitCode.Ok;
            });
    }

    static async Task<string> Warning(CliRun run, Workspace workspace, CancellationToken cancel)
    {
        var careful = await (await run.Get<DryRunReport>(cancel)).Warning(workspace.Id, cancel);
        return $"From then on every message of {workspace.Name} that is due reaches a real person; “overture "
            + $"sending stop” stops it at once.{(careful is null ? "" : $" {careful}")}";
    }
}
