using Overture.Ranking.Features;
using Overture.Ranking.Labels;
using Overture.Ranking.Learning;

namespace Overture.Ranking.Bench;

/// <summary>
/// Accounts that invite 20 of 6,000 leads a day for 100 days by different orders; counts who said yes. All
/// orders meet the same leads with the same answers.
/// </summary>
static class Simulation
{
    const int LeadCount = 6_000;
    const int PerDay = 20;
    const int Days = 100;
    const int Threads = 1;
    /// <summary>
    /// Learned anew every night at first, later every few days to keep the simulation short.
    /// </summary>
    const int NightlyUntilDay = 30;
    const int LearnEveryDays = 10;
    /// <summary>What the product tells its learner about the counts of keywords.</summary>
    static readonly LearnerOptions options =
        new() { Directions = FeatureList.Directions, Expected = FeatureList.Expected };

    /// <summary>The greedy order learns from answers alone.</summary>
    static readonly LearnerOptions greedy = options with { Expected = new Dictionary<string, double>() };

    static readonly int[] marks = [100, 500, 2_000];
    static readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] orders = ["fifo", "keywords", "source", "greedy", "overture", "oracle"];

    /// <summary>
    /// Accounts of so many seeds, from one on: what is tuned on some is reported on others.
    /// </summary>
    public static int Run(int seeds, int first)
    {
        var counts = orders.ToDictionary(o => o, _ => new double[seeds][]);
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Threads }, seed =>
        {
            var world = new World((ulong)(first + seed), LeadCount);
            foreach (var order in orders) counts[order][seed] = Play(world, order, (ulong)(first + seed));
        });

        Console.WriteLine(
            $"Mean acceptances over {seeds} accounts from seed {first} (95 % interval), and in how many");
        Console.WriteLine("accounts another order that does not know the truth did better.");
        Console.WriteLine($"{"order",-10}{string.Concat(marks.Select(m => $"{$"after {m}",26}"))}");
        foreach (var order in orders)
        {
            var cells = marks.Select((_, m) =>
            {
                double[] values = [.. counts[order].Select(c => c[m])];
                var mean = values.Average();
                var half = 1.96 * Math.Sqrt(
                    values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, seeds - 1) / seeds);
                var beaten = Enumerable.Range(0, seeds).Count(s => orders.Any(o =>
                    o != "oracle" && o != order && counts[o][s][m] > counts[order][s][m]));
                return $"{mean,9:0.0} ±{half,4:0.0} ({beaten,2} beaten)";
            });
            Console.WriteLine($"{order,-10}{string.Concat(cells.Select(c => $"{c,26}"))}");
        }

        foreach (var other in orders.Where(o => o is not "overture" and not "oracle"))
        {
            var gains = marks.Select((_, m) => Gain(counts["overture"], counts[other], m));
            Console.WriteLine($"overture - {other,-9}{string.Concat(gains.Select(g => $"{g,26}"))}");
        }

        return 0;
    }

    static string Gain(double[][] ours, double[][] theirs, int mark)
    {
        double[] gains = [.. ours.Zip(theirs, (a, b) => a[mark] - b[mark])];
        var mean = gains.Average();
        var half = 1.96 * Math.Sqrt(
            gains.Sum(g => (g - mean) * (g - mean)) / Math.Max(1, gains.Length - 1) / gains.Length);
        return $"{mean:+0.0;-0.0} ±{half:0.0}";
    }

    static double[] Play(World world, string order, ulong seed)
    {
        var waiting = world.Leads.ToList();
        List<(SimulatedLead Lead, int Day)> sent = [];
        var results = new double[marks.Length];
        RankingModel? model = null;
        Func<float[], double>? source = null;
        for (var day = 0; day < Days; day++)
        {
            if (day > 0 && (day < NightlyUntilDay || day % LearnEveryDays == 0))
            {
                if (order is "overture" or "greedy") model = LearnFrom(
                    world, sent, day, order == "greedy" ? greedy : options) ?? model;
                if (order == "source") source = SourceFormula.Learn(world, sent, day) ?? source;
            }

            var chosen = Choose(world, order, waiting, model, source, day, seed);
            foreach (var lead in chosen) sent.Add((lead, day));
            var gone = chosen.Select(l => l.Number).ToHashSet();
            waiting.RemoveAll(l => gone.Contains(l.Number));
            for (var mark = 0; mark < marks.Length; mark++)
                if (sent.Count == marks[mark]) results[mark] = sent.Count(s => s.Lead.SaysYes);
        }

        return results;
    }

    static List<SimulatedLead> Choose(
        World world, string order, List<SimulatedLead> waiting, RankingModel? model,
        Func<float[], double>? source, int day, ulong seed) => order switch
    {
        "fifo" => waiting[..PerDay],
        "oracle" => Top(waiting, l => l.Truth),
        "keywords" => Top(waiting, l => l.Keywords.Net),
        "greedy" => Top(waiting, l => model is null ? l.Keywords.Net : model.Chance(l.Row)),
        "source" => SourceFormula.Choose(waiting, source, PerDay, seed),
        _ => Ours(world, waiting, model, day, seed),
    };

    static List<SimulatedLead> Top(List<SimulatedLead> waiting, Func<SimulatedLead, double> value) =>
        [.. waiting.OrderByDescending(value).ThenBy(l => l.Number).Take(PerDay)];

    static List<SimulatedLead> Ours(
        World world, List<SimulatedLead> waiting, RankingModel? model, int day, ulong seed)
    {
        var draw = model?.Draw((seed * 1_000) + (ulong)day);
        var candidates = waiting.Select(l =>
            new Candidate($"{l.Number}", start.AddMinutes(l.Number - LeadCount))
        {
            Keywords = l.Keywords,
            Learned = model is null ? null
                : new Expectation(model.Chance(l.Row), 1, []) { Drawn = draw!.Chance(l.Row) },
        }).ToList();
        var ranked = Ranker.Order(candidates,
            new RankerOptions { Seed = (seed * 1_000) + (ulong)day });
        return [.. ranked.Leads.Take(PerDay).Select(l => world.Leads[int.Parse(l.Id)])];
    }

    static RankingModel? LearnFrom(
        World world, List<(SimulatedLead Lead, int Day)> sent, int day, LearnerOptions options)
    {
        var now = start.AddDays(day);
        var touches = sent.Select(s =>
        {
            var isAnswered = s.Lead.SaysYes && s.Day + s.Lead.AnswerDays <= day;
            return new TouchRecord($"{s.Lead.Number}", start.AddDays(s.Day),
                isAnswered ? TouchAnswer.Accepted : TouchAnswer.Silence,
                isAnswered ? start.AddDays(s.Day + s.Lead.AnswerDays) : null);
        }).ToList();
        var labels = AnswerLabels.Of(touches, now).Where(l => l.IsYes is not null).ToList();
        var values = new float[labels.Count * world.Names.Length];
        for (var i = 0; i < labels.Count; i++)
            world.Leads[int.Parse(labels[i].LeadId)].Row.CopyTo(values, i * world.Names.Length);
        var table = new TrainingTable(world.Names, values, [.. labels.Select(l => l.IsYes == true)]);
        return Learner.Learn(table, options).Model;
    }
}
