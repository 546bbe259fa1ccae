using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ErasePersonCommand
{
    public static Command Build(CliHost host)
    {
        var email = new Argument<string>("email") { Description = "The person's address." };
        var yes = new Option<bool>("--yes") { Description = "Really erase; it cannot be undone." };
        return host.Verb(
            "erase", "Erase one person for good; a hash keeps them suppressed.", [email, yes],
            async (run, cancel) =>
        {
            if (!run.Args.GetValue(yes))
                throw new RuleBroken("not_confirmed", "Erasing cannot be undone. Repeat the command with --yes.");
            var workspace = await run.Workspace(cancel);
            var receipt = await (await run.Get<PersonalData>(cancel)).Erase(
                workspace.Id, run.Args.GetValue(email)!, CliRun.By, cancel);
            run.Out.Show(receipt, $"Erased. Receipt {receipt.Id}: {receipt.Removed}");
            return ExitCode.Ok;
        });
    }
}
