using System.CommandLine;
using System.Text;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class TestCampaignCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var to = new Option<string>("--to") { Description = "An address of your own.", Required = true };
        return host.Verb(
            "test", "Send a campaign's first email to yourself; in a dry run, show it instead.", [id, to],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var sent = await (await run.Get<SendCampaignTest>(cancel)).Run(
                    workspace.Id, run.Args.GetValue(id), run.Args.GetValue(to)!, cancel);
                var message = Encoding.UTF8.GetString(sent.Message);
                run.Out.Show(
                    new { sent.Left, sent.Sentence, message },
                    sent.Outcome is null ? $"{sent.Sentence}\n{message}" : sent.Sentence);
                return sent.Outcome is null or SendOutcome.Accepted ? ExitCode.Ok : ExitCode.Error;
            });
    }
}
