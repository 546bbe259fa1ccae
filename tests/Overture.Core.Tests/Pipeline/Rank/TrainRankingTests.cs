using System.Runtime.Versioning;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Ranking;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class TrainRankingTests
{
    const int Finished = 2_000;

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workspace_learns_anew_by_itself_after_a_feature_is_added_and_the_next_order_changes()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        await past.Finished(Finished, "robotics");
        await past.Waiting(test.Get<AddLead>(), 40, "robotics");
        await test.Prepare();
        await Train(test);
        await test.Prepare();
        var before = await NextTen(test);

        // The word that decides becomes a feature; nobody asks for a training.
        await test.Get<Rankings>().Put(
            test.Id, new RankingSettings { Exploratory = ["robotics"] }, "test", Cancel);
        await test.Prepare();
        Assert.Contains("is being learned anew", (await test.Get<RankingReport>().Of(test.Id, Cancel)).Why,
            StringComparison.Ordinal);
        await WorkOff(test);
        await test.Prepare();

        var report = await test.Get<RankingReport>().Of(test.Id, Cancel);
        Assert.Equal(RankingMode.Learned, report.Mode);
        Assert.Equal(Finished, report.Labelled);
        Assert.Equal(RankingModelState.Promoted, report.Serving!.State);
        Assert.True(report.Serving.AucLow > 0.7, $"AUC from {report.Serving.AucLow:0.00}");
        Assert.Equal("exploratory keyword: robotics", report.Metrics!.Features[0].Feature);
        Assert.Equal("retired 1, promoted 1", string.Join(", ", (await test.List<string>(
            "select state || ' ' || count(*) from ranking_models group by state order by state desc"))));
        var after = await NextTen(test);
        Assert.NotEqual(before, after);
        Assert.True(before.Count(IsMarked) < 9, "the words decided before they were known");
        Assert.All(after, lead => Assert.True(IsMarked(lead), $"Lead {lead} is among the first ten."));
        var detail = await test.Get<Leads>().Get(test.Id, await Lead(test, "Next 1"), Cancel);
        Assert.Contains("The learned model expects", detail.Lead.ScoreReasons, StringComparison.Ordinal);
        Assert.Contains("Mentions \\\"robotics\\\"",
            detail.Lead.ScoreReasons!.Replace("\\u0022", "\\\"", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal("learned", detail.Lead.RankMode);
    }

    [Fact]
    public async Task A_successor_must_be_no_worse_on_answers_that_neither_has_seen()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        await test.Get<Rankings>().Put(
            test.Id, new RankingSettings { Exploratory = ["robotics"] }, "test", Cancel);
        await past.Finished(400, "robotics");
        var first = await Train(test);
        var again = await Train(test);

        Assert.Equal("promoted", first.State);
        Assert.Contains("one chance for all", first.Sentence, StringComparison.Ordinal);
        Assert.Equal("candidate", again.State);
        Assert.Contains("are needed to judge", again.Sentence, StringComparison.Ordinal);
        Assert.Equal("candidate 1, promoted 1", await test.States("ranking_models"));
    }

    [Fact]
    public async Task Noise_teaches_nothing_that_may_serve()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        for (var i = 0; i < 40; i++)
        {
            var enrollment = await past.Sent($"n{i}", 40);
            if (i % 4 == 0) await past.Event(enrollment, "replied", 38);
        }

        var outcome = await Train(test);
        var early = (await test.Get<RankingReport>().Of(test.Id, Cancel)).Serving;

        Assert.True(outcome.State == "candidate" == early is null);
        Assert.NotEqual("refused", outcome.State);
    }

    [Fact]
    public async Task Too_few_answers_are_said_and_the_order_falls_back()
    {
        await using var test = await TestWorkspace.Create();
        await History(test).Sent("ann", 30);
        await test.AddLeads(2);
        var outcome = await Train(test);
        await test.Prepare();

        Assert.Equal("refused", outcome.State);
        Assert.Contains("too few", outcome.Sentence, StringComparison.Ordinal);
        Assert.Equal("fifo", await Modes(test));
        Assert.Contains("no model has been learned yet", await test.Ask<string>(
            "select score_reasons ->> 'why' from leads where state = 'ranked' limit 1"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranking_is_pinned_switched_off_and_on_again_and_the_reasons_say_so()
    {
        await using var test = await TestWorkspace.Create();
        var past = History(test);
        var wishes = new RankingSettings { Exploratory = ["robotics"], Positive = ["this"] };
        await test.Get<Rankings>().Put(test.Id, wishes, "test", Cancel);
        await past.Finished(400, "robotics");
        await past.Waiting(test.Get<AddLead>(), 4, "robotics");
        var first = (await Train(test)).Model!.Value;
        var models = test.Get<LearnedModels>();

        await models.Pin(test.Id, first, Cancel);
        var second = await Train(test);
        Assert.Contains("is pinned", second.Sentence, StringComparison.Ordinal);
        await test.Prepare();
        Assert.Equal("learned", await Modes(test));

        await test.Get<Rankings>().Switch(test.Id, RankingMode.ColdStart, "test", Cancel);
        await test.Prepare();
        Assert.Equal("cold_start", await Modes(test));
        Assert.Contains("the learned ranking is switched off", await Why(test), StringComparison.Ordinal);

        await test.Get<Rankings>().Switch(test.Id, RankingMode.Fifo, "test", Cancel);
        await test.Prepare();
        Assert.Equal("fifo", await Modes(test));
        Assert.Contains("as pinned", await Why(test), StringComparison.Ordinal);
        Assert.Equal(["Next 0", "Next 1", "Next 2", "Next 3"], (await Order(test)).Take(4));

        await test.Get<Rankings>().Switch(test.Id, RankingMode.Learned, "test", Cancel);
        await models.Unpin(test.Id, first, Cancel);
        await test.Prepare();
        Assert.Equal("learned", await Modes(test));
        await Assert.ThrowsAsync<RuleBroken>(() => models.Unpin(test.Id, first, Cancel));
    }

    [Fact]
    public async Task Every_night_has_one_training_by_the_workspace_s_own_clock()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        var nights = test.Get<NightlyTraining>();
        time.Advance(TimeSpan.FromHours(18));
        await nights.Run(Cancel);
        Assert.Equal(0, await Trainings(test));
        await History(test).Sent("ann", 30);
        await nights.Run(Cancel);
        await WorkOff(test);
        await nights.Run(Cancel);
        Assert.Equal(1, await Trainings(test));
        time.Advance(TimeSpan.FromHours(12));
        await nights.Run(Cancel);
        Assert.Equal(1, await Trainings(test));
        time.Advance(TimeSpan.FromHours(12));
        await nights.Run(Cancel);
        Assert.Equal(2, await Trainings(test));
    }

    [Fact]
    public async Task The_preview_shows_who_would_move_and_why_and_changes_nothing()
    {
        await using var test = await TestWorkspace.Create();
        await History(test).Waiting(test.Get<AddLead>(), 20, "robotics");
        await test.Prepare();

        var preview = await test.Get<RankPreview>().Of(
            test.Id, new RankingSettings { Positive = ["robotics"] }, Cancel);

        Assert.Equal(20, preview.LookedAt);
        Assert.Equal(10, preview.Moves.Count);
        Assert.Contains(preview.Moves, move => move.PlaceAfter < move.PlaceBefore
            && move.Because is [var why] && why.StartsWith("Mentions robotics: +", StringComparison.Ordinal));
        Assert.Equal("fifo", await Modes(test));
    }

    static async Task<TrainRanking.Summary> Train(TestWorkspace test)
    {
        await test.Get<JobQueue>().Enqueue(
            test.Id, TrainRanking.Name, new TrainRanking.Args(), "test", Cancel, TrainRanking.UniqueKey);
        return await WorkOff(test);
    }

    /// <summary>Works on the training that waits, whoever asked for it.</summary>
    static async Task<TrainRanking.Summary> WorkOff(TestWorkspace test)
    {
        var id = await test.Ask<long>(
            "select id from jobs where kind = 'train_ranking' and state = 'available'");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var running = test.Get<JobWorker>().RunOnly(test.Node, test.Id, id, patience.Token);
        var done = await test.Get<JobQueue>().Get(test.Id, id, Cancel);
        while (done.State is JobState.Available or JobState.Running)
        {
            await Task.WhenAny(running, Task.Delay(Look, TimeProvider.System, Cancel));
            done = await test.Get<JobQueue>().Get(test.Id, id, Cancel);
        }

        Assert.True(done.State == JobState.Completed, done.Error);
        await running;
        return JsonSerializer.Deserialize<TrainRanking.Summary>(done.Result!, JobJson.Options)!;
    }

    static Task<long> Trainings(TestWorkspace test) =>
        test.Ask<long>("select count(*) from jobs where kind = 'train_ranking'");

    static Task<string> Modes(TestWorkspace test) => test.Ask<string>(
        "select string_agg(distinct rank_mode, ' ') from leads where state = 'ranked'");

    static Task<string> Why(TestWorkspace test) => test.Ask<string>(
        "select score_reasons ->> 'why' from leads where state = 'ranked' limit 1");

    static Task<long> Lead(TestWorkspace test, string name) => test.Ask<long>(
        "select l.id from leads l join contacts c on c.id = l.contact_id where c.full_name = @name",
        new { name });

    /// <summary>The order in which leads would be enrolled.</summary>
    static async Task<IReadOnlyList<string>> Order(TestWorkspace test)
    {
        await using var session = await test.Database.Open(test.Id, Cancel);
        var ids = await LeadListStore.NotEnrolled(
            session, new LeadFilter(), new Campaign { Name = "any" }, 100, Cancel);
        var names = (await session.List<(long Id, string Name)>(
            "select l.id, c.full_name from leads l join contacts c on c.id = l.contact_id", null, Cancel))
            .ToDictionary(row => row.Id, row => row.Name);
        return [.. ids.Select(id => names[id])];
    }

    static async Task<IReadOnlyList<string>> NextTen(TestWorkspace test) => [.. (await Order(test)).Take(10)];

    static bool IsMarked(string name) => int.Parse(name["Next ".Length..]) % 2 == 1;

    static TouchHistory History(TestWorkspace test) => new(test.Database, test.Id, test.Time);
}
