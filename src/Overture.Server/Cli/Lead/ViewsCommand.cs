using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ViewsCommand
{
    public static Command Build(CliHost host)
    {
        var save = new Option<string?>("--save") { Description = "Keep --query under this name." };
        var query = new Option<string?>("--query")
        {
            Description = "The filter as in the address of the leads page: state=ranked&min_score=70.",
        };
        var rename = new Option<long?>("--rename") { Description = "Give this view the name of --name." };
        var name = new Option<string?>("--name") { Description = "With --rename: the new name." };
        var delete = new Option<long?>("--delete") { Description = "Delete the view of this number." };
        return host.Verb(
            "views", "Show the saved views, save, rename or delete one.", [save, query, rename, name, delete],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var lists = await run.Get<LeadLists>(cancel);
            if (run.Args.GetValue(save) is { } title)
                await lists.SaveView(
                    workspace.Id, title, run.Args.GetValue(query) ?? "", CliRun.By, cancel);
            if (run.Args.GetValue(rename) is { } renamed)
                await lists.RenameView(workspace.Id, renamed, run.Args.GetValue(name) ?? "", cancel);
            if (run.Args.GetValue(delete) is { } gone) await lists.DeleteView(workspace.Id, gone, cancel);
            var all = await lists.Views(workspace.Id, cancel);
            if (run.Out.IsJson) run.Out.Data(all);
            else run.Out.Rows(
                all, ("Id", one => one.Id.ToString()), ("Name", one => one.Name),
                ("Query", one => one.Query), ("By", one => one.CreatedBy));
            return ExitCode.Ok;
        });
    }
}
