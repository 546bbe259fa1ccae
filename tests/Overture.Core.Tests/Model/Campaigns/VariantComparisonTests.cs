using Overture.Core.Model;

namespace Overture.Core.Tests.Model;

public sealed class VariantComparisonTests
{
    const int Campaigns = 1_000;
    const int Messages = 1_000;

    /// <summary>
    /// A thousand tests of two equal wordings, each looked at after every message: the share that ever calls
    /// a winner stays within alpha. The usual z-test, looked at the same way, calls many times as often.
    /// </summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.10)]
    [InlineData(0.50)]
    public void Equal_wordings_are_told_apart_no_oftener_than_alpha_however_often_one_looks(double rate)
    {
        var random = new Random(7);
        int called = 0, calledByHabit = 0;
        for (var campaign = 0; campaign < Campaigns; campaign++)
        {
            var process = new VariantComparison.EvidenceProcess();
            long a = 0, b = 0;
            var isHabit = false;
            for (var message = 1; message <= Messages; message++)
            {
                bool first = random.NextDouble() < rate, second = random.NextDouble() < rate;
                process.Add(true, first);
                process.Add(false, second);
                a += first ? 1 : 0;
                b += second ? 1 : 0;
                isHabit |= message >= VariantComparison.MinimumTrials && ZOf(a, b, message) > 1.96;
            }

            called += process.Greatest >= 1 / VariantComparison.Alpha ? 1 : 0;
            calledByHabit += isHabit ? 1 : 0;
        }

        Assert.InRange((double)called / Campaigns, 0, VariantComparison.Alpha);
        Assert.True(
            (double)calledByHabit / Campaigns > 3 * VariantComparison.Alpha,
            $"the z-test should be fooled by peeking, and was in {calledByHabit} of {Campaigns}");
    }

    [Fact]
    public void A_wording_that_is_twice_as_good_wins_and_its_probability_says_so()
    {
        var random = new Random(3);
        var won = 0;
        for (var campaign = 0; campaign < 100; campaign++)
        {
            var trials = Enumerable.Range(0, 1_600).Select(number => new WordingTrial(
                number % 2, random.NextDouble() < (number % 2 == 0 ? 0.10 : 0.20))).ToList();
            var result = VariantComparison.Of([0, 1], trials);
            if (result.Verdict == ComparisonVerdict.Winner)
            {
                Assert.Equal(1, result.WinnerId);
                Assert.InRange(result.AlwaysValidP, 0, VariantComparison.Alpha);
                Assert.InRange(result.Variants[1].ProbabilityBest, 0.95, 1);
                won++;
            }
        }

        Assert.True(won > 80, $"a doubled rate was seen in {won} of 100 campaigns of 1,600 messages");
    }

    [Fact]
    public void Nothing_is_called_before_the_minimum_and_much_of_the_same_is_no_difference()
    {
        var early = Enumerable.Range(0, 60).Select(number => new WordingTrial(number % 2, number % 2 == 0)).ToList();
        Assert.Equal(ComparisonVerdict.KeepRunning, VariantComparison.Of([0, 1], early).Verdict);
        var same = Enumerable.Range(0, 8_000).Select(number => new WordingTrial(number % 2, number % 20 < 2)).ToList();
        Assert.Equal(ComparisonVerdict.NoDifference, VariantComparison.Of([0, 1], same).Verdict);
    }

    /// <summary>Worked by hand: with 1 of 1 against 0 of 1 and flat priors, P(Beta(2,1) > Beta(1,2)) = 5/6.</summary>
    [Fact]
    public void The_probability_of_being_better_is_exact()
    {
        Assert.Equal(5.0 / 6, VariantComparison.ProbabilityAbove(1, 1, 0, 1), 12);
        Assert.Equal(0.5, VariantComparison.ProbabilityAbove(30, 400, 30, 400), 9);
        Assert.Equal(
            1, VariantComparison.ProbabilityAbove(5, 90, 12, 110)
                + VariantComparison.ProbabilityAbove(12, 110, 5, 90), 9);
    }

    static double ZOf(long a, long b, int n)
    {
        var pooled = (double)(a + b) / (2 * n);
        var spread = Math.Sqrt(2 * pooled * (1 - pooled) / n);
        return spread == 0 ? 0 : Math.Abs(a - b) / (double)n / spread;
    }
}
