using System.CommandLine;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SettleMessageCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The message's number." };
        var verdict = new Option<string>("--verdict")
        {
            Description = "arrived, send-again or leave.", Required = true,
        };
        verdict.AcceptOnlyFromAmong("arrived", "send-again", "leave");
        return host.Verb(
            "settle", "Say what became of a message that may have been sent.", [id, verdict],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var (number, word) = (run.Args.GetValue(id), run.Args.GetValue(verdict)!);
                var settled = word switch
                {
                    "arrived" => Verdict.Arrived,
                    "send-again" => Verdict.SendAgain,
                    _ => Verdict.Leave,
                };
                await (await run.Get<SettleSend>(cancel))
                    .Settle(workspace.Id, number, settled, CliRun.By, cancel);
                run.Out.Show(new { message = number, verdict = word }, $"Message {number} is settled: {word}.");
                return ExitCode.Ok;
            });
    }
}
