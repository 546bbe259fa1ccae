using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListTasksCommand
{
    const int Most = 200;

    public static Command Build(CliHost host)
    {
        var sort = new Option<string>("--sort")
        {
            Description = "due, later, done or dismissed.", DefaultValueFactory = _ => "due",
        };
        return host.Verb("list", "List what people have to do.", [sort], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var rows = await (await run.Get<TaskReport>(cancel)).List(
                workspace.Id, run.Args.GetValue(sort) ?? "due", null, null, Most, cancel);
            run.Out.Rows(
                rows,
                ("Id", row => row.Id.ToString()),
                ("Task", row => row.Title),
                ("Contact", row => row.ContactName ?? ""),
                ("Campaign", row => row.CampaignName ?? ""),
                ("Due", row => row.DueOn?.ToString("yyyy-MM-dd") ?? ""),
                ("Where", row => row.Link ?? ""));
            return ExitCode.Ok;
        });
    }
}
