using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The verbs of “overture discover”: small, and all about one noun.</summary>
static class DiscoverCommands
{
    public static Command[] Build(CliHost host) =>
        [List(host), Create(host), Preview(host), Run(host), Proposals(host), Approve(host)];

    static Command List(CliHost host) => host.Verb(
        "list", "List the ideal customers that are searched for.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var all = await (await run.Get<Discoveries>(cancel)).List(workspace.Id, cancel);
            run.Out.Rows(
                [.. all.Select(DiscoveryView.Of)],
                ("Id", one => Text(one.Id)), ("Name", one => one.Name),
                ("Sources", one => string.Join(", ", one.Sources)), ("At most", one => Text(one.MostPerRun)),
                ("Every", one => one.EveryDays is { } days ? $"{days} days" : "on demand"),
                ("Last run", one => one.LastRunAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                    ?? "never"));
            return ExitCode.Ok;
        });

    static Command Create(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "What to call it." };
        var rules = new Option<string>("--rules")
        {
            Description = "A file of YAML rules: titles, seniorities, industries, keywords, countries, "
                + "employees_from, employees_to, funded_within_days; for DataForSEO searches, categories, "
                + "places, queued and authority.",
            Required = true,
        };
        var sources = new Option<string[]>("--source")
        {
            Description = "apollo, explorium, crunchbase or dataforseo; may be repeated.", Required = true,
        };
        var most = Number.Option(
            "--most", "The most to be found in a run:", 100, 1, Discoveries.MostPerRun);
        var days = Number.Maybe(
            "--every-days", "Search again after so many days:", 1, Discoveries.LongestPauseDays);
        return host.Verb("create", "Describe an ideal customer.", [name, rules, sources, most, days],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var file = run.Args.GetValue(rules)!;
                if (!File.Exists(file))
                    throw new RuleBroken("not_found", $"There is no file {file}.", "rules");
                var draft = new DiscoveryDraft(
                    run.Args.GetValue(name)!, await File.ReadAllTextAsync(file, cancel),
                    run.Args.GetValue(sources)!, run.Args.GetValue(most), run.Args.GetValue(days));
                var id = await (await run.Get<Discoveries>(cancel))
                    .Create(workspace.Id, draft, CliRun.By, cancel);
                run.Out.Show(
                    new { id }, $"Discovery {id} is kept. Look first: overture discover preview {id}");
                return ExitCode.Ok;
            });
    }

    static Command Preview(CliHost host)
    {
        var id = Id();
        return host.Verb("preview", "Ask every source for ten, and what a whole run would cost.", [id],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var estimates = await (await run.Get<DiscoverLeads>(cancel))
                    .Preview(workspace.Id, run.Args.GetValue(id), cancel);
                run.Out.Rows(
                    estimates,
                    ("Source", one => one.Source),
                    ("Matches", one => one.Matches is { } n ? Text(n) : "unknown"),
                    ("A run costs", one => $"{one.CostOfRun:0.####} {one.Unit}"),
                    ("Each lead costs", one => $"{one.CostPerLead:0.####} {one.Unit}"),
                    ("Trouble", one => one.Trouble ?? ""));
                return estimates.All(one => one.Trouble is not null) ? ExitCode.Error : ExitCode.Ok;
            });
    }

    static Command Run(CliHost host)
    {
        var id = Id();
        return host.Verb(
            "run", "Search the sources; whom they name is proposed, nobody becomes a lead yet.", [id],
            async (run, cancel) =>
            {
                var (workspace, wanted) = (await run.Workspace(cancel), run.Args.GetValue(id));
                await (await run.Get<Discoveries>(cancel)).Get(workspace.Id, wanted, cancel);
                return await LongJob.Run(
                    run, DiscoverLeads.Name, new DiscoverLeads.Args(wanted), "Proposals", cancel);
            });
    }

    static Command Proposals(CliHost host)
    {
        var id = Id();
        return host.Verb(
            "proposals", "List who was proposed, the best fit first.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var (rows, _) = await (await run.Get<Discoveries>(cancel))
                .Proposals(workspace.Id, run.Args.GetValue(id), null, cancel);
            run.Out.Rows(
                [.. rows.Select(ProposalView.Of)],
                ("Id", one => Text(one.Id)), ("Fit", one => one.Fit is { } fit ? Text(fit) : ""),
                ("Name", one => one.Content.FullName ?? ""), ("Title", one => one.Content.Title ?? ""),
                ("Company", one => one.Content.CompanyName ?? ""), ("Source", one => one.Source),
                ("State", one => one.State.ToString().ToLowerInvariant()));
            return ExitCode.Ok;
        });
    }

    static Command Approve(CliHost host)
    {
        var id = Id();
        var ids = new Option<long[]>("--proposal") { Description = "Only these; may be repeated." };
        var all = new Option<bool>("--all") { Description = "All that are proposed; revealing names costs." };
        return host.Verb("approve", "Make proposals leads.", [id, ids, all], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var chosen = run.Args.GetValue(ids) ?? [];
            if (chosen.Length == 0 && !run.Args.GetValue(all))
                throw new RuleBroken("nothing_chosen", "Name proposals with --proposal, or say --all.");
            await (await run.Get<Discoveries>(cancel)).Decide(
                workspace.Id, run.Args.GetValue(id), chosen.Length == 0 ? null : chosen, true, cancel);
            return await LongJob.Run(
                run, TakeProposals.Name, new TakeProposals.Args(run.Args.GetValue(id)), "Leads", cancel);
        });
    }

    static Argument<long> Id() => new("id") { Description = "The discovery's number." };

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
