using System.CommandLine;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class HelpCommand
{
    public static Command Build(CliHost host)
    {
        var help = new Command("help", "More help on a subject.");
        help.Subcommands.Add(host.Verb("exit-codes", "What the exit codes mean.", [], (run, _) =>
        {
            run.Out.Rows(
                [.. ExitCode.All.Select(exit => new ExitCodeRow(exit.Code, exit.Name, exit.Meaning))],
                ("Code", row => row.Code.ToString()), ("Name", row => row.Name),
                ("Meaning", row => row.Meaning));
            return Task.FromResult(ExitCode.Ok);
        }));
        return help;
    }

    sealed record ExitCodeRow(int Code, string Name, string Meaning);
}
