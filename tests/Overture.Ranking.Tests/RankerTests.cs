namespace Overture.Ranking.Tests;

public class RankerTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    static Candidate Waiting(int id, double days = 0) => new($"lead-{id:000}", Now.AddDays(-days));

    static KeywordMatches Words(int positive) =>
        new([.. Enumerable.Range(0, positive).Select(i => $"word{i}")], [], []);

    [Fact]
    public void Nothing_known_is_first_in_first_out()
    {
        var order = Ranker.Order([Waiting(1, 1), Waiting(2, 5), Waiting(3, 3)]);
        Assert.Equal(RankingMode.Fifo, order.Mode);
        Assert.Equal(["lead-002", "lead-003", "lead-001"], order.Leads.Select(l => l.Id));
        Assert.All(order.Leads, l => Assert.Null(l.Value));
    }

    [Fact]
    public void Keywords_come_first_more_often_than_not_before_anything_is_learned()
    {
        var candidates = Enumerable.Range(0, 100)
            .Select(i => Waiting(i) with { Keywords = Words(i % 2 == 0 ? 4 : 0) }).ToList();
        var order = Ranker.Order(candidates);
        Assert.Equal(RankingMode.ColdStart, order.Mode);
        var firstHalf = order.Leads.Take(50).Count(l => int.Parse(l.Id[5..]) % 2 == 0);
        Assert.InRange(firstHalf, 33, 50);
        Assert.StartsWith("Mentions word0", order.Leads.First(l => l.Reasons.Count > 0).Reasons[0].Sentence);
    }

    [Fact]
    public void A_learned_expectation_wins_over_keywords_and_says_so()
    {
        var order = Ranker.Order(
            [Waiting(1) with { Keywords = Words(9) }, Waiting(2) with { Learned = new(0.9, 10_000, []) }]);
        Assert.Equal(RankingMode.Learned, order.Mode);
        Assert.Contains("The learned model expects 90 %", order.Leads.Single(l => l.Id == "lead-002").Why);
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_whatever_order_the_candidates_come_in()
    {
        var candidates = Enumerable.Range(0, 300)
            .Select(i => Waiting(i, i % 40) with { Learned = new(i / 400.0, 20, []) }).ToList();
        var there = Ranker.Order(candidates, new RankerOptions { Seed = 5 });
        candidates.Reverse();
        var back = Ranker.Order(candidates, new RankerOptions { Seed = 5 });
        var other = Ranker.Order(candidates, new RankerOptions { Seed = 6 });
        Assert.Equal(there.Leads.Select(l => l.Id), back.Leads.Select(l => l.Id));
        Assert.NotEqual(there.Leads.Select(l => l.Id), other.Leads.Select(l => l.Id));
    }

    [Theory]
    [InlineData(0.02, true)]
    [InlineData(0, false)]
    public void A_poor_lead_is_reached_by_waiting_even_while_better_ones_keep_coming(
        double gainPerDay, bool isReached)
    {
        var poor = new Candidate("poor", Now) { Learned = new(0.001, 100_000, []) };
        var reachedOn = -1;
        for (var day = 0; day < 400 && reachedOn < 0; day++)
        {
            var fresh = Enumerable.Range(0, 20).Select(i =>
                new Candidate($"{day}-{i}", Now.AddDays(day)) { Learned = new(0.5, 100_000, []) });
            var order = Ranker.Order(
                [poor, .. fresh], new RankerOptions { Seed = (ulong)day, GainPerDay = gainPerDay });
            if (order.Leads.Take(10).Any(l => l.Id == "poor")) reachedOn = day;
        }

        Assert.Equal(isReached, reachedOn >= 0);
    }

    [Fact]
    public void The_key_of_the_order_holds_across_batches()
    {
        var candidates = Enumerable.Range(0, 300)
            .Select(i => Waiting(i, i % 40) with { Learned = new(i / 400.0, 20, []) }).ToList();
        var whole = Ranker.Order(candidates).Leads.Select(l => l.Id);
        var parts = candidates.Chunk(7).SelectMany(part => Ranker.Order(part).Leads)
            .OrderByDescending(l => l.Order).Select(l => l.Id);
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Without_a_model_the_order_says_why()
    {
        var options = new RankerOptions { WhyNoModel = "the learned ranking is switched off" };
        Assert.Equal(
            "Ordered by keywords and fit, because the learned ranking is switched off.",
            Ranker.Order([Waiting(1) with { Keywords = Words(1) }], options).Why);
        Assert.StartsWith(
            "First in, first out, because the learned ranking is switched off and",
            Ranker.Order([Waiting(1)], options).Why);
    }

    [Fact]
    public void More_evidence_means_less_spread()
    {
        Assert.True(Spread(5) > 2 * Spread(100));
        Assert.True(Spread(100) > 2 * Spread(2_000));

        static double Spread(double evidence)
        {
            var firsts = 0;
            for (ulong seed = 0; seed < 400; seed++)
            {
                var order = Ranker.Order(
                    [Waiting(1) with { Learned = new(0.35, evidence, []) },
                     Waiting(2) with { Learned = new(0.25, evidence, []) }],
                    new RankerOptions { Seed = seed });
                if (order.Leads[0].Id == "lead-002") firsts++;
            }

            return Math.Max(firsts / 400.0, 0.001);
        }
    }

    [Fact]
    public void An_excluded_lead_is_not_in_the_order()
    {
        var order = Ranker.Order([Waiting(1), Waiting(2) with { Fit = new Score(0, [], [], true) }]);
        Assert.Equal(["lead-001"], order.Leads.Select(l => l.Id));
        Assert.Equal(["lead-002"], order.Excluded);
    }

    [Fact]
    public void A_pinned_order_is_kept_and_one_without_data_falls_back_and_says_so()
    {
        Candidate[] learned = [Waiting(1) with { Learned = new(0.9, 9, []) }, Waiting(2, 3)];
        var pinned = Ranker.Order(learned, new RankerOptions { Pinned = RankingMode.Fifo });
        Assert.Equal(RankingMode.Fifo, pinned.Mode);
        Assert.Equal("First in, first out, as pinned.", pinned.Why);
        var lacking = Ranker.Order([Waiting(1)], new RankerOptions { Pinned = RankingMode.Learned });
        Assert.Equal(RankingMode.Fifo, lacking.Mode);
        Assert.Contains("lacks its data", lacking.Why);
    }

    [Fact]
    public void No_candidates_make_an_empty_order() => Assert.Empty(Ranker.Order([]).Leads);
}
