using System.CommandLine;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListLeadsCommand
{
    public static Command Build(CliHost host)
    {
        var search = new Option<string?>("--search") { Description = "Name, title, address or company." };
        var state = Word.Maybe<LeadState>(
            "--state", $"Only leads in this state: {Word.All<LeadState>()}.");
        var source = new Option<string?>("--source") { Description = "Only leads from this source." };
        var list = new Option<long?>("--list") { Description = "Only leads on this list." };
        var sort = Word.Option("--sort", "newest, score, name or company.", LeadSort.Newest);
        var limit = Number.Option("--limit", "At most so many:", 25, 1, PageSize.Most);
        var cursor = new Option<string?>("--cursor") { Description = "Where the page before ended." };
        return host.Verb(
            "list", "List leads.", [search, state, source, list, sort, limit, cursor],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var filter = new LeadFilter
            {
                Search = run.Args.GetValue(search), State = run.Args.GetValue(state),
                Source = run.Args.GetValue(source), ListId = run.Args.GetValue(list),
                Sort = run.Args.GetValue(sort),
            };
            var page = await (await run.Get<Leads>(cancel)).List(
                workspace.Id, filter, run.Args.GetValue(cursor), run.Args.GetValue(limit), cancel);
            if (run.Out.IsJson)
                run.Out.Data(new
                {
                    data = page.Rows, total = page.Total, is_estimate = page.IsEstimate,
                    next_cursor = page.NextCursor,
                });
            else Show(run, page);
            return ExitCode.Ok;
        });
    }

    static void Show(CliRun run, LeadPage page)
    {
        if (page.Total == 0) run.Out.Say("No lead matches. Collect some with: overture collect synthetic");
        run.Out.Rows(
            page.Rows,
            ("Id", lead => lead.Id.ToString()),
            ("Name", lead => lead.FullName),
            ("Title", lead => lead.Title ?? ""),
            ("Company", lead => lead.CompanyName ?? ""),
            ("Email", lead => lead.Email ?? ""),
            ("State", lead => lead.State.ToString().ToLowerInvariant()),
            ("Score", lead => lead.Score?.ToString("0.#") ?? ""));
        if (page.NextCursor is { } next) run.Out.Say(
                $"{(page.IsEstimate ? "About " : "")}{page.Total:N0} in all. Next page: --cursor {next}");
    }
}
