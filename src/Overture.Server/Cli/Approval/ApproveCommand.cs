using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ApproveCommand
{
    public static Command Build(CliHost host)
    {
        var id = Number();
        var hash = new Argument<string>("hash") { Description = "The hash of the text you read." };
        return host.Verb("approve", "Approve the text with this hash.", [id, hash], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Approvals>(cancel)).Approve(
                workspace.Id, new SeenMessage(number, run.Args.GetValue(hash) ?? ""), CliRun.By, cancel);
            run.Out.Show(
                new { message = number, state = "approved" },
                $"Message {number} leaves in {Approvals.UndoFor.TotalSeconds:0} seconds.");
            return ExitCode.Ok;
        });
    }

    public static Command BuildReject(CliHost host)
    {
        var id = Number();
        var reason = new Option<string>("--reason") { Description = "Why, in a few words.", Required = true };
        var goOn = new Option<bool>("--go-on")
        {
            Description = "Go on with the next step instead of ending it for the contact.",
        };
        return host.Verb("reject", "Refuse a message.", [id, reason, goOn], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Approvals>(cancel)).Reject(
                workspace.Id, number, run.Args.GetValue(reason) ?? "", run.Args.GetValue(goOn), CliRun.By,
                cancel);
            run.Out.Show(new { message = number, state = "cancelled" }, $"Message {number} is rejected.");
            return ExitCode.Ok;
        });
    }

    public static Command BuildUndo(CliHost host)
    {
        var id = Number();
        return host.Verb(
            "undo", "Take an approval back, within its half minute.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var number = run.Args.GetValue(id);
            await (await run.Get<Approvals>(cancel)).TakeBack(workspace.Id, number, cancel);
            run.Out.Show(new { message = number, state = "draft" }, $"Message {number} waits again.");
            return ExitCode.Ok;
        });
    }

    static Argument<long> Number() => new("id") { Description = "The message's number." };
}
