using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class CrmCommand
{
    public static Command HubSpot(CliHost host) => Build(
        host, "hubspot", "Bring companies and contacts over from HubSpot.");

    public static Command Lemlist(CliHost host) => Build(
        host, "lemlist", "Bring unsubscribes and leads over from lemlist.");

    static Command Build(CliHost host, string provider, string description) =>
        host.Verb(provider, description, [], (run, cancel) => LongJob.Run(
            run, CollectCrm.Name, new CollectCrm.Args(provider), "Contacts", cancel));
}
