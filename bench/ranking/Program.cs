using System.Diagnostics;
using System.Globalization;
using Overture.Ranking.Bench;
using Overture.Ranking.Evaluation;
using Overture.Ranking.Learning;

// Learns and scores one set and prints one line of JSON, in the form of peers.py.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args[0] == "simulate") return Simulation.Run(seeds: int.Parse(args[1]), first: int.Parse(args[2]));
var (folder, set) = (args[0], args[1]);
var threads = args.Length > 2 ? int.Parse(args[2]) : 1;
var isSplit = set.StartsWith("synth", StringComparison.Ordinal);
var options = new LearnerOptions { Threads = threads };
List<(TrainingTable Train, TrainingTable Test)> pairs = [];
if (isSplit)
{
    var name = set == "synth_5k" ? "synth_train_5k.csv" : "synth_train_100k.csv.gz";
    pairs.Add((DataSet.Read(Path.Combine(folder, name)).Table,
        DataSet.Read(Path.Combine(folder, "synth_test.csv.gz")).Table));
}
else
{
    var data = DataSet.Read(Path.Combine(folder, $"{set}.csv"));
    for (var fold = 0; fold < 5; fold++)
        pairs.Add((data.Where(r => data.Folds[r] != fold), data.Where(r => data.Folds[r] == fold)));
}

// The peers are compiled ahead of time; one small warm-up stands for that.
Learner.Learn(Sample(pairs[0].Train, 300), options);
Learner.Learn(Sample(pairs[0].Train, 300), options);
double auc = 0, loss = 0, seconds = 0;
RankingModel? model = null;
foreach (var (train, test) in pairs)
{
    var watch = Stopwatch.StartNew();
    model = Learner.Learn(train, options).Model!;
    seconds += watch.Elapsed.TotalSeconds / pairs.Count;
    double[] chances = [.. model.Chances(test.Values).Select(c => (double)c)];
    auc += Measures.Auc(chances, test.Answers).Value / pairs.Count;
    loss += Measures.LogLoss(chances, test.Answers) / pairs.Count;
}

var rows = Many(pairs[0].Test, 100_000);
for (var i = 0; i < 3; i++) model!.Chances(rows);
var scoreSeconds = Best(() => model!.Chances(rows));
const int Singles = 20_000;
var width = model!.Features.Count;
var sum = 0.0;
var micros = 1e6 / Singles * Best(() =>
{
    for (var i = 0; i < Singles; i++) sum += model.Chance(rows.AsSpan(i * width, width));
});
var megabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
Console.WriteLine(
    $$"""{"who":"overture","set":"{{set}}","auc":{{auc:0.00000}},"loss":{{loss:0.00000}}, """
    + $$""" "train":{{seconds:0.0000}},"score100k":{{scoreSeconds:0.00000}},"row_us":{{micros:0.000}}, """
    + $$""" "peak_mb":{{megabytes:0}},"trees":{{model.Summary.TreeCount}}} """);
return double.IsNaN(sum) ? 1 : 0;

// The best of a few: the rest of the machine only ever adds to a time.
static double Best(Action work)
{
    const int Times = 5;
    work();
    return Enumerable.Range(0, Times).Min(_ =>
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    });
}

static TrainingTable Sample(TrainingTable table, int count)
{
    var step = Math.Max(1, table.RowCount / count);
    var data = new DataSet(table, []);
    return data.Where(r => r % step == 0);
}

static float[] Many(TrainingTable table, int count)
{
    var width = table.Features.Count;
    var rows = new float[count * width];
    for (var i = 0; i < count; i++) table.Row(i % table.RowCount).CopyTo(rows.AsSpan(i * width));
    return rows;
}
