using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;
using Spectre.Console;

namespace Overture.Server.Cli;

static class ConnectProviderCommand
{
    const string Prefix = "OVERTURE_";

    public static Command Build(CliHost host)
    {
        var provider = new Argument<string>("provider")
        {
            Description = "Its name; “overture provider list” shows them all.",
        };
        var budget = new Option<decimal?>("--daily-budget")
        {
            Description = "The most to be spent a day, in the provider's unit; without it there is no cap.",
        };
        var untested = new Option<bool>("--untested") { Description = "Keep the credential without a test call." };
        return host.Verb(
            "connect",
            "Connect a service. The credential is asked for, or read from stdin, one line per field, or from "
            + "the environment (OVERTURE_HUNTER_API_KEY).",
            [provider, budget, untested],
            async (run, cancel) =>
            {
                var kind = ProviderKind.Of(run.Args.GetValue(provider)!);
                var workspace = await run.Workspace(cancel);
                var values = Credential(run, kind);
                await (await run.Get<Integrations>(cancel)).Connect(
                    workspace.Id, kind.Name, values, run.Args.GetValue(budget), CliRun.By, cancel);
                if (run.Args.GetValue(untested))
                {
                    run.Out.Show(new { provider = kind.Name, connected = true }, $"{kind.Title} is connected.");
                    return ExitCode.Ok;
                }

                var test = await (await run.Get<ProviderClients>(cancel)).Test(workspace.Id, kind.Name, cancel);
                run.Out.Show(test, test.Works ? $"{kind.Title} is connected and answers." : test.Sentence);
                return test.Works ? ExitCode.Ok : ExitCode.Error;
            });
    }

    // Never from a flag: other users of the machine see those.
    static Dictionary<string, string?> Credential(CliRun run, ProviderKind kind) =>
        kind.Fields.ToDictionary(field => field.Name, field => Value(run, kind, field));

    static string? Value(CliRun run, ProviderKind kind, CredentialField field)
    {
        var name = $"{Prefix}{kind.Name}_{field.Name}".ToUpperInvariant();
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given) return given;
        if (run.MayAsk)
        {
            var prompt = new TextPrompt<string>($"{kind.Title}, {field.Label}:");
            return AnsiConsole.Prompt(field.IsSecret ? prompt.Secret() : prompt);
        }

        return Console.IsInputRedirected ? Console.In.ReadLine() : null;
    }
}
