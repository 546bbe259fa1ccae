using System.CommandLine;
using Overture.Core.Pipeline;

namespace Overture.Server.Cli;

static class UndoImportCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("import") { Description = "The import's number." };
        return host.Verb(
            "undo-import", "Take an import back, within thirty days.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var jobId = await (await run.Get<Imports>(cancel)).Undo(
                workspace.Id, run.Args.GetValue(id), CliRun.By, cancel);
            return await LongJob.Watch(run, workspace.Id, jobId, $"import {run.Args.GetValue(id)}", cancel);
        });
    }
}
