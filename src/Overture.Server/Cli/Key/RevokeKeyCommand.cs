using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class RevokeKeyCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The number from “overture key list”." };
        var yes = CliHost.Yes();
        return host.Verb("revoke", "End an API key at once.", [id, yes], async (run, cancel) =>
        {
            var keys = await run.Get<ApiKeys>(cancel);
            var owner = await keys.OwnerOf((await run.Workspace(cancel)).Id, cancel);
            run.Confirm("Programs that use this key are refused from then on.", yes);
            await keys.Revoke(owner, run.Args.GetValue(id), cancel);
            run.Out.Show(new { id = run.Args.GetValue(id), revoked = true }, "The key is revoked.");
            return ExitCode.Ok;
        });
    }
}
