using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class EnrichOrderCommand
{
    public static Command Build(CliHost host)
    {
        var fieldSet = new Option<string?>("--for")
        {
            Description = "company, email, person or verification.",
        };
        var order = new Option<string[]>("--ask")
        {
            Description = "The services in the new order; the others are not asked.",
            AllowMultipleArgumentsPerToken = true,
        };
        return host.Verb(
            "order", "Show who is asked first for what, or change it: --for email --ask hunter apollo",
            [fieldSet, order],
            async (run, cancel) =>
            {
                var workspace = await run.Workspace(cancel);
                var waterfalls = await run.Get<Waterfalls>(cancel);
                var connected = await (await run.Get<Integrations>(cancel)).List(workspace.Id, cancel);
                if (run.Args.GetValue(fieldSet) is { } name)
                    await Change(
                        waterfalls, workspace.Id, name, run.Args.GetValue(order) ?? [], connected, cancel);
                var settings = await waterfalls.Get(workspace.Id, cancel);
                run.Out.Rows(
                    [.. FieldSet.All.Select(set => new { FieldSet = set, Ask = settings.OrderOf(set, connected) })],
                    ("For", row => row.FieldSet),
                    ("Asked in this order", row => row.Ask.Count == 0 ? "nobody" : string.Join(", ", row.Ask)));
                return ExitCode.Ok;
            });
    }

    static async Task Change(
        Waterfalls waterfalls, long workspaceId, string fieldSet, string[] asked,
        IReadOnlyList<Integration> connected, CancellationToken cancel)
    {
        var settings = await waterfalls.Get(workspaceId, cancel);
        string[] skipped =
        [
            .. connected.Select(one => one.Provider).Except(asked)
                .Where(provider => ProviderKind.Of(provider).Answers.Contains(fieldSet)),
        ];
        var fields = new Dictionary<string, FieldOrder>(settings.Fields) { [fieldSet] = new(asked, skipped) };
        await waterfalls.Put(workspaceId, settings with { Fields = fields }, CliRun.By, cancel);
    }
}
