using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ExportPersonCommand
{
    public static Command Build(CliHost host)
    {
        var email = new Argument<string>("email") { Description = "The person's address." };
        return host.Verb(
            "export", "Write everything kept of one person to stdout: a row of CSV for each value, or JSON.",
            [email], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var export = await (await run.Get<PersonalData>(cancel)).Export(
                workspace.Id, run.Args.GetValue(email)!, cancel);
            if (run.Out.IsJson) run.Out.Data(export);
            else if (export.Sections.EnumerateObject().All(section => section.Value.GetArrayLength() == 0))
                run.Out.Say($"Nothing is kept of {export.Email}.");
            else await Console.Out.WriteAsync(PersonCsv.Of(export).AsMemory(), cancel);
            return ExitCode.Ok;
        });
    }
}
