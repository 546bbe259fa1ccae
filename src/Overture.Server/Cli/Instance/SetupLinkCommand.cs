using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SetupLinkCommand
{
    public static Command Build(CliHost host) =>
        host.Verb("setup-link", "Print a new link that makes the first owner.", [], async (run, cancel) =>
        {
            var token = await (await run.Get<SetupClaims>(cancel)).NewToken(cancel);
            var link = SetupLink.For(run.Options(), token);
            run.Out.Show(
                new { link, valid_hours = SetupClaims.LinkLife.TotalHours }, SetupLink.Sentence(link));
            return ExitCode.Ok;
        });
}
