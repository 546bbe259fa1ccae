using Overture.Ranking.Learning;

namespace Overture.Ranking.Bench;

/// <summary>
/// The order of the system this ranking learned from: 200 boosted trees without early stopping, a request
/// counts as refused from the minute it is sent, every lead draws Beta(10p, 10(1-p)) from a generator seeded
/// with 42, and before ten answers keyword counts stretched to 0..1 draw Beta(3p, 3(1-p)). The trees are this
/// library's, with that system's depth, rate, ridge and count.
/// </summary>
static class SourceFormula
{
    const double LearnedEvidence = 10;
    const double ColdEvidence = 3;
    const double Floor = 0.01;

    public static Func<float[], double>? Learn(World world, List<(SimulatedLead Lead, int Day)> sent, int day)
    {
        bool[] answers = [.. sent.Select(s => s.Lead.SaysYes && s.Day + s.Lead.AnswerDays <= day)];
        if (sent.Count < 10 || answers.Distinct().Count() < 2) return null;
        // There, a missing value became 0.
        float[] values = [.. sent.SelectMany(s => s.Lead.Row.Select(v => float.IsNaN(v) ? 0 : v))];
        var table = new TrainingTable(world.Names, values, answers);
        int[] rows = [.. Enumerable.Range(0, sent.Count)];
        var run = Boosting.Train(BinnedTable.Of(table), answers, rows, [], new TreeOptions
        {
            Depth = 4, Ridge = 1, LearningRate = 0.1, RowShare = 1, FeatureShare = 1,
        }, 200, 42, keepWatched: false, patience: int.MaxValue);
        var forest = new Forest(run.Trees, world.Names.Length);
        return row => Logistic.Chance(
            run.Start + forest.Sum([.. row.Select(v => float.IsNaN(v) ? 0 : v)]));
    }

    public static List<SimulatedLead> Choose(
        List<SimulatedLead> waiting, Func<float[], double>? model, int count, ulong seed)
    {
        var random = new SeededRandom(42 + seed);
        var (least, most) = (waiting.Min(l => l.Keywords.Net), waiting.Max(l => l.Keywords.Net));
        double Chance(SimulatedLead lead) => model is not null ? model(lead.Row)
            : most == least ? 0.5 : (lead.Keywords.Net - least) / (double)(most - least);
        var evidence = model is null ? ColdEvidence : LearnedEvidence;
        return [.. waiting.Select(lead =>
        {
            var chance = Chance(lead);
            return (Lead: lead, Draw: random.NextBeta(
                Math.Max(Floor, evidence * chance), Math.Max(Floor, evidence * (1 - chance))));
        }).OrderByDescending(d => d.Draw).Take(count).Select(d => d.Lead)];
    }
}
