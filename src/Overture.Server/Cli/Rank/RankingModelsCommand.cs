using System.CommandLine;
using System.Globalization;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class RankingModelsCommand
{
    public static Command Build(CliHost host) => host.Verb(
        "models", "List the models learned, newest first.", [], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var models = await (await run.Get<LearnedModels>(cancel)).List(workspace.Id, cancel);
            run.Out.Rows(
                models,
                ("Id", model => model.Id.ToString()),
                ("State", model => model.State.ToString().ToLowerInvariant()),
                ("Trained", model => model.TrainedAt.ToString(
                    "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
                ("Answers", model => model.RowCount.ToString()),
                ("AUC", model => model.Auc.ToString("0.000", CultureInfo.InvariantCulture)),
                ("Why", model => model.Decision));
            return ExitCode.Ok;
        });
}
