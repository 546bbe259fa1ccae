using System.CommandLine;
using Microsoft.AspNetCore.WebUtilities;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Api;
using Overture.Server.Startup;
using Spectre.Console;

namespace Overture.Server.Cli;

static class ConnectGmailCommand
{
    const string SecretVariable = "OVERTURE_GMAIL_CLIENT_SECRET";

    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        var client = new Option<string?>("--client-id")
        {
            Description = "The registration at Google; without it the kept one is used.",
        };
        return host.Verb(
            "connect-gmail",
            "Ask for the consent to a Gmail mailbox: prints the address at which a person gives it. The "
            + $"client secret is asked for, or read from stdin or {SecretVariable}.",
            [id, client],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var mailbox = run.Args.GetValue(id);
                if (run.Args.GetValue(client) is { } clientId)
                    await (await run.Get<GmailAccounts>(cancel)).Register(
                        workspace.Id, mailbox, clientId, Secret(run), cancel);
                var connect = await run.Get<ConnectGmail>(cancel);
                var page = await connect.Begin(workspace.Id, mailbox, CliRun.By, cancel);
                run.Out.Show(
                    new { mailbox, url = page, redirectUrl = connect.RedirectUrl },
                    $"Open this address, sign in as the owner of the mailbox and consent:\n{page}\n"
                    + "Google then leads to a page that says the consent was not asked for by you: it was "
                    + "asked for here. Copy its address, and run: overture mailbox finish-gmail '<address>'");
                return ExitCode.Ok;
            });
    }

    // Never from a flag: other users of the machine see those.
    static string? Secret(CliRun run) =>
        Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } given ? given
        : run.MayAsk
            ? AnsiConsole.Prompt(
                new TextPrompt<string>("Client secret (empty keeps it):").AllowEmpty().Secret())
            : Console.IsInputRedirected ? Console.In.ReadLine() : null;
}

static class FinishGmailCommand
{
    public static Command Build(CliHost host)
    {
        var address = new Argument<string>("address")
        {
            Description = "The whole address to which Google led after the consent.",
        };
        return host.Verb(
            "finish-gmail", "Bring the answer of the person who consented.", [address],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var given = run.Args.GetValue(address)!;
                var query = QueryHelpers.ParseQuery(
                    given.Contains('?', StringComparison.Ordinal) ? given[given.IndexOf('?')..] : given);
                var mailbox = await (await run.Get<ConnectGmail>(cancel)).Finish(
                    workspace.Id, query.GetValueOrDefault("state"), query.GetValueOrDefault("code"),
                    query.GetValueOrDefault("error"), CliRun.By, cancel);
                run.Out.Show(
                    new { mailbox = mailbox.Id, connected = true },
                    $"{mailbox.Address} is connected: it sends and is read by Gmail.");
                return ExitCode.Ok;
            });
    }
}

static class ShowGmailCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        return host.Verb(
            "show-gmail", "The Gmail account of a mailbox, without its secrets.", [id],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var mailbox = run.Args.GetValue(id);
                var account = await (await run.Get<GmailAccounts>(cancel)).Find(workspace.Id, mailbox, cancel)
                    ?? throw RuleBroken.NotFound("Gmail account of mailbox", mailbox);
                var redirect = (await run.Get<ConnectGmail>(cancel)).RedirectUrl;
                run.Out.Show(
                    GmailView.Of(account, redirect),
                    $"Client {account.ClientId}, redirect URI {redirect}: "
                    + (account.IsConnected
                        ? $"connected {account.ConnectedAt:u}." : "nobody has consented."));
                return ExitCode.Ok;
            });
    }
}

static class DisconnectGmailCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The mailbox's number." };
        var yes = CliHost.Yes();
        return host.Verb(
            "disconnect-gmail", "Forget the consent to a Gmail mailbox, and its registration.", [id, yes],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                run.Confirm(
                    "The consent is forgotten; the mailbox neither sends nor is read by Gmail.", yes);
                await (await run.Get<GmailAccounts>(cancel)).Disconnect(
                    workspace.Id, run.Args.GetValue(id), cancel);
                run.Out.Show(
                    new { mailbox = run.Args.GetValue(id), connected = false },
                    "Disconnected. Take the consent back in the Google account too.");
                return ExitCode.Ok;
            });
    }
}
