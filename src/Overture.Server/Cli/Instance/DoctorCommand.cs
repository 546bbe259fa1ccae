using System.CommandLine;
using Overture.Core.Data;
using Overture.Core.Health;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DoctorCommand
{
    public static Command Build(CliHost host)
    {
        var invariants = new Option<bool>("--invariants")
        {
            Description = "Check instead what must always hold of everything sent.",
        };
        return host.Verb(
            "doctor", "Check everything this instance needs, with a remedy for what is wrong.", [invariants],
            async (run, cancel) =>
            {
                if (run.Args.GetValue(invariants)) return await Invariants(run, cancel);
                var results = await (await run.GetAsFound<Doctor>(cancel)).Examine(cancel);
                if (run.Out.IsJson) run.Out.Data(results.Select(ForJson));
                else foreach (var result in results) Console.Out.WriteLine(Line(result));
                return results.Any(result => result.Finding.State == HealthState.Failed)
                    ? ExitCode.Error
                    : ExitCode.Ok;
            });
    }

    static async Task<int> Invariants(CliRun run, CancellationToken cancel)
    {
        var broken = await InvariantReport.Broken(
            await run.GetAsFound<Database>(cancel), atRest: false, cancel);
        if (run.Out.IsJson) run.Out.Data(new { broken });
        else if (broken.Count == 0) Console.Out.WriteLine("All invariants of sending hold.");
        else foreach (var line in broken) Console.Out.WriteLine(line);
        return broken.Count == 0 ? ExitCode.Ok : ExitCode.Error;
    }

    static object ForJson(HealthResult result) => new
    {
        check = result.Name,
        state = result.Finding.State,
        detail = result.Finding.Detail,
        remedy = result.Finding.Remedy,
    };

    static string Line(HealthResult result)
    {
        var (state, detail, remedy) = result.Finding;
        var head = $"{state.ToString().ToUpperInvariant(),-6}  {result.Name,-14} {detail}";
        return remedy is null ? head : $"{head}\n        {"",-14} {remedy}";
    }
}
