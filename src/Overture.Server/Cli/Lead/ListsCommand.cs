using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListsCommand
{
    public static Command Build(CliHost host)
    {
        var create = new Option<string?>("--create") { Description = "Make a list of this name." };
        var add = new Option<long?>("--add-to") { Description = "Put leads on this list." };
        var remove = new Option<long?>("--remove-from") { Description = "Take leads off this list." };
        var rename = new Option<long?>("--rename") { Description = "Give this list the name of --name." };
        var newName = new Option<string?>("--name") { Description = "With --rename: the new name." };
        var delete = new Option<long?>("--delete") { Description = "Delete this list; its leads stay." };
        var search = new Option<string?>("--search") { Description = "Whom to add or remove." };
        var source = new Option<string?>("--source") { Description = "Only from this source." };
        var ids = new Option<long[]>("--lead") { Description = "This lead; may be repeated." };
        return host.Verb(
            "lists", "Show the lists, make, rename or delete one, or put leads on one.",
            [create, add, remove, rename, newName, delete, search, source, ids],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var lists = await run.Get<LeadLists>(cancel);
            if (run.Args.GetValue(create) is { } name) await lists.Create(workspace.Id, name, cancel);
            var filter = new LeadFilter
            {
                Search = run.Args.GetValue(search), Source = run.Args.GetValue(source),
            };
            var selection = new LeadSelection(
                filter, run.Args.GetValue(ids) is { Length: > 0 } chosen ? chosen : null);
            var isChanging = run.Args.GetValue(add) is not null || run.Args.GetValue(remove) is not null;
            if (isChanging && filter.IsEmpty && selection.Ids is null)
                throw new RuleBroken(
                    "nothing_selected", "Say whom: --search, --source or --lead. To name everybody, give each "
                    + "source.", "lead");
            if (run.Args.GetValue(add) is { } list)
            {
                var added = await lists.Add(workspace.Id, list, selection, cancel);
                run.Out.Say($"{added:N0} leads put on the list.");
            }

            if (run.Args.GetValue(remove) is { } from)
            {
                var removed = await lists.Remove(workspace.Id, from, selection, cancel);
                run.Out.Say($"{removed:N0} leads taken off the list.");
            }

            if (run.Args.GetValue(rename) is { } renamed)
                await lists.Rename(workspace.Id, renamed, run.Args.GetValue(newName) ?? "", cancel);
            if (run.Args.GetValue(delete) is { } gone) await lists.Delete(workspace.Id, gone, cancel);

            var all = await lists.All(workspace.Id, cancel);
            if (run.Out.IsJson) run.Out.Data(all);
            else run.Out.Rows(all, ("Id", one => one.Id.ToString()), ("Name", one => one.Name),
                ("Leads", one => one.MemberCount.ToString()));
            return ExitCode.Ok;
        });
    }
}
