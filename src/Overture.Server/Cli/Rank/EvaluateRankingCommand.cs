using System.CommandLine;
using System.Globalization;
using Overture.Core.Reports;
using Overture.Ranking.Features;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class EvaluateRankingCommand
{
    const int FeaturesShown = 10;

    public static Command Build(CliHost host) => host.Verb(
        "evaluate", "Say how leads are ordered now and how well that does.", [],
        async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var found = await (await run.Get<RankingReport>(cancel)).Of(workspace.Id, cancel);
            run.Out.Show(
                new
                {
                    found.Mode, found.Why, found.Labelled, found.Yes, found.Answers, found.Metrics,
                    found.Comparison, model = found.Serving?.Id, newest = found.Newest?.Id,
                    auc = found.Serving?.Auc, auc_low = found.Serving?.AucLow,
                    auc_high = found.Serving?.AucHigh, log_loss = found.Serving?.LogLoss,
                    decision = found.Newest?.Decision,
                },
                [.. Lines(found)]);
            return ExitCode.Ok;
        });

    static IEnumerable<string> Lines(RankingEvaluation found)
    {
        var culture = CultureInfo.InvariantCulture;
        yield return found.Why;
        yield return string.Create(culture, $"answers\t{found.Labelled:N0}\tyes\t{found.Yes:N0}");
        if (found.Newest is { } newest) yield return $"model {newest.Id}\t{newest.Decision}";
        if ((found.Serving ?? found.Newest) is not { } model || found.Metrics is not { } metrics) yield break;
        yield return string.Create(
            culture, $"AUC\t{model.Auc:0.000}\t{model.AucLow:0.000}\t{model.AucHigh:0.000}");
        yield return string.Create(culture, $"log loss\t{model.LogLoss:0.0000}");
        yield return string.Create(
            culture,
            $"best fifth\t{metrics.Lift.Value:0.00}\t{metrics.Lift.Low:0.00}\t{metrics.Lift.High:0.00}");
        foreach (var weight in metrics.Features.Take(FeaturesShown))
            yield return string.Create(
                culture, $"{weight.Weight:0.000}\t{weight.Direction}\t{FeatureWords.Name(weight.Feature)}");
    }
}
