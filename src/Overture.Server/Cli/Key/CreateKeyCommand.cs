using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CreateKeyCommand
{
    const int LongestLifeDays = 3_650;

    public static Command Build(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "What will use the key." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "read, write or admin; may be repeated.",
            DefaultValueFactory = _ => [ApiKeys.ReadScope],
        };
        var days = Number.Maybe(
            "--days", "Days until it expires; never when left out:", 1, LongestLifeDays);
        return host.Verb("create", "Make an API key. Its text is shown once.", [name, scopes, days],
            async (run, cancel) =>
            {
                var keys = await run.Get<ApiKeys>(cancel);
                var owner = await keys.OwnerOf((await run.Workspace(cancel)).Id, cancel);
                var made = await keys.Create(
                    owner, run.Args.GetValue(name)!, run.Args.GetValue(scopes)!,
                    run.Args.GetValue(days) is { } life ? TimeSpan.FromDays(life) : null, cancel);
                run.Out.Show(new { made.Id, key = made.Text }, made.Text);
                run.Out.Say("Keep it now; it cannot be shown again.");
                return ExitCode.Ok;
            });
    }
}
