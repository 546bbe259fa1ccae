using System.CommandLine;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class DuplicatesCommand
{
    const int Shown = 50;

    public static Command Build(CliHost host)
    {
        var merge =
            new Option<long?>("--merge") { Description = "The pair that is one: the older one stays." };
        var apart = new Option<long?>("--keep-apart") { Description = "The pair that is two." };
        return host.Verb(
            "duplicates", "List, merge or keep apart who may be one person or one company.", [merge, apart],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var duplicates = await run.Get<Duplicates>(cancel);
            if (run.Args.GetValue(merge) is { } one)
                await duplicates.Merge(workspace.Id, one, CliRun.By, cancel);
            if (run.Args.GetValue(apart) is { } two)
                await duplicates.KeepApart(workspace.Id, two, CliRun.By, cancel);
            var (rows, total) = await duplicates.List(workspace.Id, null, Shown, cancel);
            if (run.Out.IsJson) run.Out.Data(new { data = rows, total });
            else Show(run, rows);
            return ExitCode.Ok;
        });
    }

    static void Show(CliRun run, IReadOnlyList<DuplicateRow> rows)
    {
        if (rows.Count == 0) run.Out.Say("No pair waits for a decision.");
        run.Out.Rows(
            rows,
            ("Pair", pair => pair.Id.ToString()),
            ("Kind", pair => pair.Kind.ToString().ToLowerInvariant()),
            ("Older", pair => $"{pair.FirstName} {pair.FirstMark}"),
            ("Newer", pair => $"{pair.SecondName} {pair.SecondMark}"),
            ("Why", pair => pair.Reason));
    }
}
