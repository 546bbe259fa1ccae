using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>A person's word over the score: worth writing to, or not to be pursued.</summary>
static class JudgeLeadCommand
{
    public static Command BuildAccept(CliHost host)
    {
        var id = Id();
        return host.Verb("accept", "Worth writing to, whatever its score.", [id], (run, cancel) => Judge(
            run, run.Args.GetValue(id),
            (leads, workspace, lead) => leads.Accept(workspace, lead, CliRun.By, cancel), cancel));
    }

    public static Command BuildReject(CliHost host)
    {
        var id = Id();
        var reason = new Option<string>("--reason")
        {
            Description = "Why, in a few words; it stays with the lead.", Required = true,
        };
        return host.Verb("reject", "Not to be pursued.", [id, reason], (run, cancel) => Judge(
            run, run.Args.GetValue(id),
            (leads, workspace, lead) =>
                leads.Reject(workspace, lead, run.Args.GetValue(reason)!, CliRun.By, cancel), cancel));
    }

    static async Task<int> Judge(
        CliRun run, long id, Func<Leads, long, long, Task> judge, CancellationToken cancel)
    {
        var (leads, workspace) = (await run.Get<Leads>(cancel), await run.Workspace(cancel));
        await judge(leads, workspace.Id, id);
        var lead = await leads.Get(workspace.Id, id, cancel);
        run.Out.Show(
            lead,
            $"{lead.Contact.FullName} (lead {id}) is {lead.Lead.State.ToString().ToLowerInvariant()}.");
        return ExitCode.Ok;
    }

    static Argument<long> Id() => new("id") { Description = "The lead's number." };
}
