using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class TestMailboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        return host.Verb("test", "Connect and log in, send nothing.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var test = await (await run.Get<TestMailbox>(cancel))
                .Run(workspace.Id, run.Args.GetValue(id), cancel);
            run.Out.Show(test, $"{test.Sentence} {test.Remedy}".TrimEnd());
            return test.Works ? ExitCode.Ok : ExitCode.Error;
        });
    }
}

static class PauseMailboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        return host.Verb("pause", "Send nothing from a mailbox.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            await (await run.Get<Mailboxes>(cancel)).Pause(
                workspace.Id, run.Args.GetValue(id), $"by the {CliRun.By}", cancel);
            run.Out.Show(
                new { mailbox = run.Args.GetValue(id), state = "paused" },
                "Paused: nothing is sent from it.");
            return ExitCode.Ok;
        });
    }
}

static class ResumeMailboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        return host.Verb("resume", "Take a mailbox back into service.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var mailboxes = await run.Get<Mailboxes>(cancel);
            await mailboxes.Resume(workspace.Id, run.Args.GetValue(id), cancel);
            var state = (await mailboxes.Get(workspace.Id, run.Args.GetValue(id), cancel)).State;
            run.Out.Show(
                new { mailbox = run.Args.GetValue(id), state },
                state == MailboxState.Untested
                    ? "Test it first: its settings are not proven." : "It is in service again.");
            return ExitCode.Ok;
        });
    }
}
