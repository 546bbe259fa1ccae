using System.CommandLine;
using Overture.Core.Health;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DoctorCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("doctor", "Check everything this instance needs, with a remedy for what is wrong.", [],
            async (run, cancel) =>
            {
                var results = await (await run.GetAsFound<Doctor>(cancel)).Examine(cancel);
                if (run.Out.IsJson) run.Out.Data(results.Select(ForJson));
                else foreach (var result in results) Console.Out.WriteLine(Line(result));
                return results.Any(result => result.Finding.State == HealthState.Failed)
                    ? ExitCode.Error
                    : ExitCode.Ok;
            });

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
