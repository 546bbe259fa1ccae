using System.CommandLine;
using Overture.Server.Configuration;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ServeCommand
{
    const int LargestPort = 65_535;

    public static Command Build(CliHost host)
    {
        var port = new Option<int?>("--port") { Description = "Listen on this port of localhost." };
        var urls = new Option<string?>("--urls")
        {
            Description = "Listen on these addresses, divided by semicolons.",
        };
        var roles = new Option<string>("--roles")
        {
            Description = "What this node does: web, worker, or both.",
            DefaultValueFactory = _ => "web,worker",
        };
        var demo = new Option<bool>("--demo")
        {
            Description = "Make a demo workspace and run its pipeline over synthetic leads.",
        };
        var once = new Option<bool>("--once")
        {
            Description = "Run the demo without a server, print its counts, and end.",
        };
        return host.Verb("serve", "Run the web server and the workers.", [port, urls, roles, demo, once],
            async (run, cancel) =>
        {
            if (run.Args.GetValue(once)) return await RunOnce(run, cancel);
            var options = Listening(run.Options(), run.Args.GetValue(port), run.Args.GetValue(urls));
            await WebHost.Run(options, NodeRoles.Parse(run.Args.GetValue(roles)!), run.Args.GetValue(demo),
                run.Out.Say, cancel);
            return ExitCode.Ok;
        });
    }

    static async Task<int> RunOnce(CliRun run, CancellationToken cancel)
    {
        run.Out.Say("Running the demo pipeline: collect, enrich, rank, compose, send into captured mail.");
        var summary = await (await run.Get<DemoRun>(cancel)).RunHere(cancel);
        Console.Out.WriteLine(
            System.Text.Json.JsonSerializer.Serialize(summary, Overture.Core.Jobs.JobJson.Options));
        // The demo's mailbox has no narrow limit, so whatever was written and not sent has failed.
        return summary.Sent == summary.Composed ? ExitCode.Ok : ExitCode.Partial;
    }

    static OvertureOptions Listening(OvertureOptions options, int? port, string? urls)
    {
        if (port is <= 0 or > LargestPort)
            throw new ConfigurationInvalid([$"--port is {port}; it must be from 1 to {LargestPort}."]);
        return options with { Urls = urls ?? (port is null ? options.Urls : $"http://localhost:{port}") };
    }
}
