using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class FinishTaskCommand
{
    public static Command BuildDone(CliHost host) => Verb(
        host, "done", "Say that a task is done; its sequence goes on.",
        (tasks, workspace, id, cancel) => tasks.Done(workspace, id, CliRun.By, cancel));

    public static Command BuildDismiss(CliHost host) => Verb(
        host, "dismiss", "Say that a task will not be done; its sequence goes on without it.",
        (tasks, workspace, id, cancel) => tasks.Dismiss(workspace, id, CliRun.By, cancel));

    public static Command BuildSnooze(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The task's number." };
        var until = new Argument<string>("until") { Description = "The day it comes back, as 2026-03-31." };
        return host.Verb("snooze", "Put a task off to another day.", [id, until], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            if (!DateOnly.TryParseExact(
                run.Args.GetValue(until), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var day))
                throw new RuleBroken(
                    "bad_day", "Give the day as year-month-day, such as 2026-03-31.", "until");
            await (await run.Get<HumanTasks>(cancel)).Snooze(workspace.Id, number, day, cancel);
            run.Out.Show(
                new { task = number, until = day }, $"Task {number} comes back on {day:yyyy-MM-dd}.");
            return ExitCode.Ok;
        });
    }

    static Command Verb(
        CliHost host, string name, string description,
        Func<HumanTasks, long, long, CancellationToken, Task> act)
    {
        var id = new Argument<long>("id") { Description = "The task's number." };
        return host.Verb(name, description, [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await act(await run.Get<HumanTasks>(cancel), workspace.Id, number, cancel);
            run.Out.Show(new { task = number, verb = name }, $"Task {number}: {name}.");
            return ExitCode.Ok;
        });
    }
}
