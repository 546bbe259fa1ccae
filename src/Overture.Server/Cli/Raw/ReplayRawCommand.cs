using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class ReplayRawCommand
{
    public static Command Build(CliHost host)
    {
        var provider = new Option<string>("--provider")
        {
            Description = "Whose payloads; “overture provider list” names them.", Required = true,
        };
        var apply = new Option<bool>("--apply") { Description = "Write what would change; without it, only tell." };
        return host.Verb(
            "replay",
            "Read the kept payloads of a provider again with the readers of this version, and tell which facts "
            + "would come out otherwise. Nobody is called.",
            [provider, apply], (run, cancel) =>
            {
                var name = ProviderKind.Of(run.Args.GetValue(provider)!).Name;
                var args = new ReplayRaw.Args(name, run.Args.GetValue(apply));
                return LongJob.Run(run, ReplayRaw.Name, args, "Payloads", cancel);
            });
    }
}
