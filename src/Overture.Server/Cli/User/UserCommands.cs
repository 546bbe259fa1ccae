using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;
using Spectre.Console;

namespace Overture.Server.Cli;

static class ListUsersCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("list", "Who can sign in, and what they may do.", [], async (run, cancel) =>
        {
            run.Out.Rows(
                await (await run.Get<SignIns>(cancel)).Members(cancel),
                ("Id", member => member.UserId.ToString()),
                ("Name", member => member.Name),
                ("E-mail address", member => member.Email),
                ("Workspace", member => member.WorkspaceName),
                ("Role", member => member.Role.ToString().ToLowerInvariant()));
            return ExitCode.Ok;
        });
}

static class ResetPasswordCommand
{
    const string PasswordVariable = "OVERTURE_NEW_PASSWORD";

    public static Command Build(CliHost host)
    {
        var email = new Argument<string>("email") { Description = "The address the user signs in with." };
        return host.Verb(
            "reset-password",
            "Give a user who lost it a new password; their browsers are signed out. It is asked for, or read "
            + $"from stdin or {PasswordVariable}.",
            [email],
            async (run, cancel) =>
            {
                var address = run.Args.GetValue(email)!;
                await (await run.Get<SignIns>(cancel)).ResetPassword(address, Password(run), cancel);
                run.Out.Show(
                    new { email = address, changed = true },
                    "The password is changed. Sign in with the new one.");
                return ExitCode.Ok;
            });
    }

    // Never from a flag: other users of the machine see those.
    static string Password(CliRun run) =>
        Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } given ? given
        : run.MayAsk ? AnsiConsole.Prompt(new TextPrompt<string>("New password:").Secret())
        : Console.IsInputRedirected && Console.In.ReadLine() is { Length: > 0 } read ? read
        : throw new RuleBroken(
            "password_missing", $"Give the new password on stdin or in {PasswordVariable}.", "password");
}
