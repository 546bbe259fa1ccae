using System.CommandLine;
using System.Text;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SendTestCommand
{
    public static Command Build(CliHost host)
    {
        var mailbox = new Option<long>("--mailbox")
        {
            Description = "The mailbox's number.", Required = true,
        };
        var to = new Option<string>("--to") { Description = "An address of your own.", Required = true };
        return host.Verb(
            "send-test", "Send one test message through a mailbox; in a dry run, show it instead.",
            [mailbox, to],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var sent = await (await run.Get<SendTestMessage>(cancel)).Run(
                    workspace.Id, run.Args.GetValue(mailbox), run.Args.GetValue(to)!, cancel);
                var message = Encoding.UTF8.GetString(sent.Message);
                if (run.Out.IsJson)
                {
                    run.Out.Data(new { sent.Left, Outcome = Word(sent.Outcome), sent.Sentence, message });
                }
                else
                {
                    run.Out.Say(sent.Sentence);
                    if (sent.Outcome is null) Console.Out.Write(message);
                }

                return sent.Outcome is null or SendOutcome.Accepted ? ExitCode.Ok : ExitCode.Error;
            });
    }

    static string Word(SendOutcome? outcome) => outcome switch
    {
        null => "shown",
        SendOutcome.Accepted => "accepted",
        SendOutcome.Deferred => "deferred",
        SendOutcome.Rejected => "rejected",
        _ => "uncertain",
    };
}
