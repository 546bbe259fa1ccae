using System.CommandLine;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class UndoImportCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("import") { Description = "The import's number." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would go; change nothing." };
        var yes = CliHost.Yes();
        return host.Verb(
            "undo-import", "Take an import back, within thirty days.", [id, dryRun, yes],
            async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var imports = await run.Get<Imports>(cancel);
            var number = run.Args.GetValue(id);
            var told = await imports.ForecastUndo(workspace.Id, number, cancel);
            if (run.Args.GetValue(dryRun))
            {
                run.Out.Show(
                    told,
                    $"Would delete {told.LeadsRemoved:N0} leads, {told.ContactsRemoved:N0} people and "
                    + $"{told.CompaniesRemoved:N0} companies.",
                    $"Would keep {told.ContactsHeld:N0} people whom a later list named too"
                    + $"{Lists(told.HeldBy)}, and {told.ContactsKept:N0} people who were used since.",
                    $"Would restore {told.ContactsChanged:N0} people and "
                    + $"{told.CompaniesChanged:N0} companies.");
                return ExitCode.Ok;
            }

            run.Confirm(
                $"This deletes {told.LeadsRemoved:N0} leads, {told.ContactsRemoved:N0} people and "
                + $"{told.CompaniesRemoved:N0} companies.", yes);
            var jobId = await imports.Undo(workspace.Id, number, CliRun.By, cancel);
            var ended = await LongJob.Watch(run, workspace.Id, jobId, $"import {number}", cancel);
            var undone = await imports.Get(workspace.Id, number, cancel);
            if (undone.UndoReport is { } report
                && JsonSerializer.Deserialize<UndoImport.Summary>(report, JobJson.Options)!.HeldBy is
                    { Count: > 0 } held)
                run.Out.Say($"Kept, because a later list named them too{Lists(held)}.");
            return ended;
        });
    }

    static string Lists(IReadOnlyList<HeldBy> lists) => lists.Count == 0
        ? "" : $" ({string.Join(", ", lists.Select(list => $"{list.FileName}: {list.People:N0}"))})";
}
