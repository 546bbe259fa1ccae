using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class PinModelCommand
{
    public static Command Pin(CliHost host) => Build(
        host, "pin", "Rank by this model, whatever is learned later.", "is pinned",
        (models, workspace, id, cancel) => models.Pin(workspace, id, cancel));

    public static Command Unpin(CliHost host) => Build(
        host, "unpin", "Let the next model that is no worse take over.", "is no longer pinned",
        (models, workspace, id, cancel) => models.Unpin(workspace, id, cancel));

    static Command Build(
        CliHost host, string name, string description, string done,
        Func<LearnedModels, long, long, CancellationToken, Task> act)
    {
        var id = new Argument<long>("model-id") { Description = "The model's number." };
        return host.Verb(name, description, [id], async (run, cancel) =>
        {
            var (workspace, model) = (await run.Workspace(cancel), run.Args.GetValue(id));
            var models = await run.Get<LearnedModels>(cancel);
            await act(models, workspace.Id, model, cancel);
            run.Out.Show(await models.Get(workspace.Id, model, cancel), $"Model {model} {done}.");
            return ExitCode.Ok;
        });
    }
}
