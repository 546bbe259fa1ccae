using System.CommandLine;
using Overture.Core.Data;
using Overture.Core.Health;
using Overture.Core.Model;
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
        var offline = new Option<bool>("--offline")
        {
            Description = "Leave out mailboxes and DNS: nothing beyond the database is asked.",
        };
        return host.Verb(
            "doctor",
            "Check everything this instance needs, its mailboxes and the DNS of their domains, with a remedy "
            + "for what is wrong. Nothing is sent and nothing is changed.",
            [invariants, offline],
            async (run, cancel) =>
            {
                if (run.Args.GetValue(invariants)) return await Invariants(run, cancel);
                var lines = await Instance(run, cancel);
                // Without a database, or with an older one, nobody knows which mailboxes there are.
                var isSound = lines.All(line => line.Check is not ("database" or "migrations")
                    || line.Finding.State == HealthState.Passed);
                if (isSound && !run.Args.GetValue(offline)) lines.AddRange(await Senders(run, host, cancel));
                if (run.Out.IsJson) run.Out.Data(lines.Select(ForJson));
                else Print(lines);
                return lines.Any(line => line.Finding.State == HealthState.Failed)
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

    static async Task<List<Line>> Instance(CliRun run, CancellationToken cancel) =>
    [
        new("version", null, null, Finding.Passed($"Overture {VersionCommand.Version}.")),
        .. (await (await run.GetAsFound<Doctor>(cancel)).Examine(cancel))
            .Select(result => new Line(result.Name, null, null, result.Finding)),
    ];

    static async Task<List<Line>> Senders(CliRun run, CliHost host, CancellationToken cancel)
    {
        var all = await (await run.GetAsFound<Workspaces>(cancel)).All(cancel);
        if (run.Args.GetValue(host.Workspace) is not null) all = [await run.Workspace(cancel)];
        var (doctor, lines) = (await run.GetAsFound<SenderDoctor>(cancel), new List<Line>());
        foreach (var workspace in all)
            lines.AddRange((await doctor.Examine(workspace, cancel))
                .Select(one => new Line(one.Name, one.Of, workspace.Id, one.Finding)));
        return lines;
    }

    static object ForJson(Line line) => new
    {
        check = line.Check,
        of = line.Of,
        workspace = line.Workspace,
        state = line.Finding.State,
        detail = line.Finding.Detail,
        remedy = line.Finding.Remedy,
    };

    static void Print(List<Line> lines)
    {
        const int LeastWidth = 14;
        var width = lines.Max(line => Math.Max(line.Name.Length, LeastWidth));
        foreach (var line in lines)
        {
            var (state, detail, remedy) = line.Finding;
            Console.Out.WriteLine(
                $"{state.ToString().ToUpperInvariant(),-6}  {line.Name.PadRight(width)} {detail}");
            if (remedy is not null) Console.Out.WriteLine($"        {"".PadRight(width)} {remedy}");
        }
    }

    /// <summary>One line; of an address or a domain of a workspace, or of the instance.</summary>
    sealed record Line(string Check, string? Of, long? Workspace, Finding Finding)
    {
        public string Name => Of is null ? Check : $"{Check} {Of}";
    }
}
