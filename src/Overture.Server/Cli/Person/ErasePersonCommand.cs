using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ErasePersonCommand
{
    public static Command Build(CliHost host)
    {
        var email = new Argument<string>("email") { Description = "The person's address." };
        var yes = CliHost.Yes();
        return host.Verb(
            "erase", "Erase one person for good; a hash keeps them suppressed.", [email, yes],
            async (run, cancel) =>
        {
            run.Confirm(
                $"Everything about {run.Args.GetValue(email)} is erased, which cannot be undone.", yes);
            var workspace = await run.Workspace(cancel);
            var receipt = await (await run.Get<PersonalData>(cancel)).Erase(
                workspace.Id, run.Args.GetValue(email)!, CliRun.By, cancel);
            run.Out.Show(receipt, $"Erased. Receipt {receipt.Id}: {receipt.Removed}");
            return ExitCode.Ok;
        });
    }
}
