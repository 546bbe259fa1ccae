using System.CommandLine;
using Overture.Core.Data;
using Overture.Core.Reports;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListInboxCommand
{
    public static Command Build(CliHost host)
    {
        var scope = new Option<string?>("--scope")
        {
            Description = "needs_answer, unread, positive, open, snoozed or done.",
        };
        var mailbox = new Option<long?>("--mailbox") { Description = "Only this mailbox, by its number." };
        var search = new Option<string?>("--search") { Description = "Address, name or subject." };
        var limit = Number.Option(
            "--limit", "At most so many:", Paging.DefaultLimit, 1, PageSize.Most);
        var cursor = new Option<string?>("--cursor") { Description = "Where the page before ended." };
        return host.Verb(
            "list", "List conversations, newest first.", [scope, mailbox, search, limit, cursor],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var size = run.Args.GetValue(limit);
            var rows = await (await run.Get<InboxReport>(cancel)).List(
                workspace.Id, InboxReport.ScopeOf(run.Args.GetValue(scope)) ?? InboxScope.Open,
                run.Args.GetValue(mailbox), 0,
                run.Args.GetValue(search), InboxCursor.Read(run.Args.GetValue(cursor)), size + 1, cancel);
            var next = rows.Count > size ? InboxCursor.Of(rows[size - 1]) : null;
            rows = [.. rows.Take(size)];
            if (run.Out.IsJson) run.Out.Data(new { data = rows, next_cursor = next });
            else if (rows.Count == 0)
                run.Out.Say("No conversation here. Connect a mailbox, or wait for replies.");
            else
                run.Out.Rows(
                    rows,
                    ("Id", row => row.Id.ToString()),
                    ("From", row => row.Name ?? row.Counterpart),
                    ("Subject", row => row.Subject),
                    ("Intent", row => row.Intent?.ToString().ToLowerInvariant() ?? ""),
                    ("State", row => row.State.ToString().ToLowerInvariant()),
                    ("Last", row => row.LastAt.ToString("yyyy-MM-dd HH:mm")));
            if (next is not null && !run.Out.IsJson) run.Out.Say($"Next page: --cursor {next}");
            return ExitCode.Ok;
        });
    }
}
