using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ReplyInboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The conversation's number." };
        var text = new Option<string?>("--text") { Description = "What to write; without it, standard input is read." };
        return host.Verb(
            "reply", "Answer in a conversation; it leaves after 30 seconds, while a node runs.", [id, text],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var body = run.Args.GetValue(text) ?? await Console.In.ReadToEndAsync(cancel);
            var answer = await (await run.Get<Conversations>(cancel)).Answer(
                workspace.Id, run.Args.GetValue(id), body, CliRun.By, cancel);
            run.Out.Show(
                new { answer, leaves_in_seconds = (int)Conversations.UndoFor.TotalSeconds },
                $"Answer {answer} leaves in {Conversations.UndoFor.TotalSeconds:0} seconds.");
            return ExitCode.Ok;
        });
    }
}
