using System.CommandLine;
using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>The verbs of “overture company”: small, and all about one noun.</summary>
static class CompanyCommands
{
    public static Command BuildList(CliHost host)
    {
        var search = new Option<string?>("--search") { Description = "Words of its name or domain." };
        var limit = Number.Option("--limit", "At most so many:", 25, 1, PageSize.Most);
        var cursor = new Option<long?>("--cursor") { Description = "Where the page before ended." };
        return host.Verb("list", "List companies, the newest first.", [search, limit, cursor],
            async (run, cancel) =>
            {
                var (workspace, size) = (await run.Workspace(cancel), run.Args.GetValue(limit));
                var (rows, total) = await (await run.Get<Companies>(cancel)).List(
                    workspace.Id, run.Args.GetValue(search), run.Args.GetValue(cursor), size + 1, cancel);
                var page = rows.Take(size).ToList();
                var next = rows.Count > size ? page[^1].Id : (long?)null;
                if (run.Out.IsJson)
                    run.Out.Data(new
                    {
                        data = page, total = total.Count, is_estimate = total.IsEstimate, next_cursor = next,
                    });
                else Show(run, page, total, next);
                return ExitCode.Ok;
            });
    }

    public static Command BuildShow(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The company's number." };
        return host.Verb("show", "Show what is known of a company.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var company = await (await run.Get<Companies>(cancel))
                .Get(workspace.Id, run.Args.GetValue(id), cancel);
            run.Out.Show(company, [.. Lines(company)]);
            return ExitCode.Ok;
        });
    }

    static void Show(CliRun run, IReadOnlyList<Company> page, RowTotal total, long? next)
    {
        if (page.Count == 0) run.Out.Say("No company matches.");
        run.Out.Rows(
            page,
            ("Id", company => company.Id.ToString(CultureInfo.InvariantCulture)),
            ("Name", company => company.Name),
            ("Domain", company => company.Domain ?? ""),
            ("Industry", company => company.Industry ?? ""),
            ("Country", company => company.Country ?? ""),
            ("Employees", company => Figure(company.EmployeeCount) ?? ""));
        if (next is not null) run.Out.Say(
            $"{(total.IsEstimate ? "About " : "")}{total.Count:N0} in all. Next page: --cursor {next}");
    }

    static IEnumerable<string> Lines(Company company)
    {
        (string Name, string? Value)[] facts =
        [
            ("domain", company.Domain), ("website", company.Website), ("linkedin", company.LinkedInUrl),
            ("industry", company.Industry), ("country", company.Country), ("region", company.Region),
            ("city", company.City), ("phone", company.Phone), ("employees", Figure(company.EmployeeCount)),
            ("founded", Figure(company.FoundedYear)), ("cik", company.Cik),
            ("raised USD", company.RaisedUsd?.ToString("N0", CultureInfo.InvariantCulture)),
            ("raised on", company.RaisedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("source", company.Source), ("description", company.Description),
        ];
        return [company.Name, .. facts.Where(fact => !string.IsNullOrEmpty(fact.Value))
            .Select(fact => $"{fact.Name}\t{fact.Value}")];
    }

    static string? Figure(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
