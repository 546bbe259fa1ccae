using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ReleaseSendingCommand
{
    public static Command Build(CliHost host)
    {
        var yes = CliHost.Yes();
        return host.Verb(
            "release", "End the quarantine: this is the instance that should send, and no other does.",
            [yes],
            async (run, cancel) =>
            {
                var quarantine = await run.Get<Quarantine>(cancel);
                run.Confirm("If a copy of this instance sends too, people are written to twice.", yes);
                await quarantine.Release(CliRun.By, cancel);
                var row = await quarantine.Find(cancel);
                run.Out.Show(new { row!.Epoch, released = true }, "Sending is released on this instance.");
                return ExitCode.Ok;
            });
    }
}
