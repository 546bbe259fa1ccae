using System.CommandLine;
using System.Text.Json;
using Overture.Core.Model;
using Overture.Mail.Dns;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class InspectMailCommand
{
    public static Command Build(CliHost host)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Messages as received (RFC 5322).", Arity = ArgumentArity.OneOrMore,
        };
        var text = new Option<bool>("--text") { Description = "The files are bare text bodies." };
        var html = new Option<bool>("--html") { Description = "The files are bare HTML bodies." };
        var dns = MailDns.File();
        var online = new Option<bool>("--online")
        {
            Description = "Verify signatures with keys from the network.",
        };
        return host.Verb(
            "inspect", "Say what messages are and hold: one JSON object for each file, on one line.",
            [files, text, html, dns, online],
            async (run, cancel) =>
            {
                var form = Form(run.Args.GetValue(text), run.Args.GetValue(html));
                var source = MailDns.Source(run.Args.GetValue(dns), run.Args.GetValue(online));
                var isComplete = true;
                foreach (var file in run.Args.GetValue(files)!)
                {
                    var inspection = await MailInspection.Of(file, form, source, cancel);
                    Console.Out.WriteLine(JsonSerializer.Serialize(inspection, MailInspection.Json));
                    isComplete &= inspection.Error is null;
                }

                return isComplete ? ExitCode.Ok : ExitCode.Partial;
            });
    }

    static MailForm Form(bool isText, bool isHtml) => (isText, isHtml) switch
    {
        (true, true) => throw new RuleBroken(
            "bad_arguments", "--text and --html exclude each other: a bare body is one of them.", "text"),
        (true, false) => MailForm.Text,
        (false, true) => MailForm.Html,
        _ => MailForm.Message,
    };
}
