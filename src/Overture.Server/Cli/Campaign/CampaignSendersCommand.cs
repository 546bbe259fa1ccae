using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class CampaignSendersCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The campaign's number." };
        var share = new Option<long[]>("--share")
        {
            Description = "The mailboxes that share the campaign with its own, instead of those before.",
            AllowMultipleArgumentsPerToken = true,
        };
        var alone = new Option<bool>("--alone") { Description = "Only its own mailbox writes." };
        return host.Verb(
            "senders", "Show or change which mailboxes write for a campaign.", [id, share, alone],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var (campaign, senders) = (run.Args.GetValue(id), await run.Get<CampaignSenders>(cancel));
            var shared = run.Args.GetValue(alone) ? [] : run.Args.GetValue(share);
            if (shared is { Length: > 0 } || run.Args.GetValue(alone))
                await senders.Share(workspace.Id, campaign, shared ?? [], cancel);
            run.Out.Rows(
                await senders.List(workspace.Id, campaign, cancel),
                ("Mailbox", box => box.Id.ToString()), ("Address", box => box.Address),
                ("State", box => box.State.ToString().ToLowerInvariant()),
                ("A day", box => box.DailyLimit.ToString()));
            return ExitCode.Ok;
        });
    }
}
