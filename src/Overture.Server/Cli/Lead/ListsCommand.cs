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
        var search = new Option<string?>("--search") { Description = "With --add-to: whom." };
        var source = new Option<string?>("--source") { Description = "With --add-to: from this source." };
        var ids = new Option<long[]>("--lead") { Description = "With --add-to: this lead; may be repeated." };
        return host.Verb(
            "lists", "Show the lists, make one, or put leads on one.", [create, add, search, source, ids],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var lists = await run.Get<LeadLists>(cancel);
            if (run.Args.GetValue(create) is { } name) await lists.Create(workspace.Id, name, cancel);
            if (run.Args.GetValue(add) is { } list)
            {
                var chosen = run.Args.GetValue(ids);
                var added = await lists.Add(
                    workspace.Id, list,
                    new LeadSelection(
                        new LeadFilter
                        {
                            Search = run.Args.GetValue(search), Source = run.Args.GetValue(source),
                        },
                        chosen is { Length: > 0 } ? chosen : null),
                    cancel);
                run.Out.Say($"{added:N0} leads put on the list.");
            }

            var all = await lists.All(workspace.Id, cancel);
            if (run.Out.IsJson) run.Out.Data(all);
            else run.Out.Rows(all, ("Id", one => one.Id.ToString()), ("Name", one => one.Name),
                ("Leads", one => one.MemberCount.ToString()));
            return ExitCode.Ok;
        });
    }
}
