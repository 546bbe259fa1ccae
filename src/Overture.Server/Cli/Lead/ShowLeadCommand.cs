using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ShowLeadCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The lead's number." };
        return host.Verb("show", "Show a lead with its facts and timeline.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var detail = await (await run.Get<Leads>(cancel))
                .Get(workspace.Id, run.Args.GetValue(id), cancel);
            if (run.Out.IsJson)
            {
                run.Out.Data(detail);
                return ExitCode.Ok;
            }

            var (lead, contact) = (detail.Lead, detail.Contact);
            run.Out.Show(
                detail,
                $"{contact.FullName}, {contact.Title ?? "title unknown"}, "
                + $"{detail.Company?.Name ?? "no company"}",
                $"{contact.Email ?? "no address"} · {lead.State.ToString().ToLowerInvariant()} · score "
                + $"{lead.Score?.ToString("0.#") ?? "none"} · from {lead.Source}");
            foreach (var fact in detail.Facts)
                Console.Out.WriteLine(
                    $"{fact.Field}\t{fact.Value}\t{fact.Provider}, {fact.Confidence:P0}, "
                    + $"{fact.ObservedAt:yyyy-MM-dd}");
            foreach (var entry in detail.Timeline)
                Console.Out.WriteLine($"{entry.OccurredAt:yyyy-MM-dd HH:mm}\t{entry.Kind}\t{entry.Summary}");
            return ExitCode.Ok;
        });
    }
}
