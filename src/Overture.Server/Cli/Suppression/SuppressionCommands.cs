using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SuppressionCommands
{
    const int Most = 100;

    public static Command BuildList(CliHost host)
    {
        var search = new Option<string?>("--search") { Description = "Only those that contain this." };
        var before = new Option<long?>("--before") { Description = "Only those before this number." };
        return host.Verb(
            "list", "Who is never contacted, the newest first.", [search, before], async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var rows = await (await run.Get<Suppressions>(cancel)).List(
                    workspace.Id, run.Args.GetValue(search), run.Args.GetValue(before), Most, cancel);
                run.Out.Rows(
                    rows,
                    ("Id", row => row.Id.ToString()), ("Kind", row => row.Kind), ("Value", row => row.Value),
                    ("Reason", row => row.Reason), ("Note", row => row.Note ?? ""),
                    ("By", row => row.CreatedBy), ("Since", row => row.CreatedAt.ToString("u")));
                if (rows.Count == Most) run.Out.Say($"More: --before {rows[^1].Id}");
                return ExitCode.Ok;
            });
    }

    public static Command BuildAdd(CliHost host)
    {
        var value = Value();
        var note = new Option<string?>("--note") { Description = "Why, for your team." };
        return host.Verb(
            "add", "Never contact an address or a domain; a running sequence stops at once.", [value, note],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var added = run.Args.GetValue(value)!;
                await (await run.Get<Suppressions>(cancel)).Add(
                    workspace.Id, added, "manual", run.Args.GetValue(note), CliRun.By, cancel);
                run.Out.Show(new { value = added }, $"{added} is never contacted from now on.");
                return ExitCode.Ok;
            });
    }

    public static Command BuildReason(CliHost host)
    {
        var email = new Argument<string>("email") { Description = "An e-mail address." };
        return host.Verb(
            "reason", "Whether an address may be contacted, and if not, why.", [email], async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var asked = run.Args.GetValue(email)!;
                var reason = await (await run.Get<Suppressions>(cancel)).ReasonFor(
                    workspace.Id, asked, cancel);
                run.Out.Show(
                    new { email = asked, is_suppressed = reason is not null, reason },
                    reason is null ? $"{asked} may be contacted." : $"{asked} is never contacted: {reason}.");
                return ExitCode.Ok;
            });
    }

    public static Command BuildRemove(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "Its number in the list." };
        return host.Verb(
            "remove", "Take back what was typed in; what people asked for stays.", [id],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var removed = await (await run.Get<Suppressions>(cancel)).Remove(
                    workspace.Id, run.Args.GetValue(id), cancel);
                run.Out.Show(removed, $"{removed.Value} may be contacted again.");
                return ExitCode.Ok;
            });
    }

    static Argument<string> Value() => new("value")
    {
        Description = "Such as ann@example.com, or example.com for everybody there.",
    };
}
