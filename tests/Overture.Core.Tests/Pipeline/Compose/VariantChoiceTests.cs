using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

public sealed class VariantChoiceTests
{
    [Theory]
    [InlineData(new[] { 1, 1 }, new[] { 500, 500 })]
    [InlineData(new[] { 3, 1 }, new[] { 750, 250 })]
    [InlineData(new[] { 70, 20, 10 }, new[] { 700, 200, 100 })]
    [InlineData(new[] { 0, 5 }, new[] { 0, 1000 })]
    public void The_split_is_as_the_weights_say_and_the_same_every_time(int[] weights, int[] expected)
    {
        var step = StepOf(weights);
        var drawn = Enumerable.Range(1, 1_000).Select(number => VariantChoice.Of(step, number).Id).ToList();
        Assert.Equal(
            expected, weights.Select((_, index) => drawn.Count(id => id == index)).ToArray());
        Assert.Equal(
            drawn, Enumerable.Range(1, 1_000).Select(number => VariantChoice.Of(step, number).Id));
    }

    [Fact]
    public void No_stretch_of_enrollments_leans_to_one_wording_and_the_order_is_not_fixed()
    {
        var drawn = Enumerable.Range(1, 1_000)
            .Select(number => VariantChoice.Of(StepOf([1, 1]), number).Id).ToList();
        Assert.All(drawn.Chunk(2), pair => Assert.Equal(1, pair[0] + pair[1]));
        Assert.InRange(drawn.Chunk(2).Count(pair => pair[0] == 0), 180, 320);
        var other = Enumerable.Range(1, 1_000)
            .Select(number => VariantChoice.Of(StepOf([1, 1]) with { Id = 78 }, number).Id).ToList();
        Assert.NotEqual(drawn, other);
    }

    static Step StepOf(int[] weights) => new()
    {
        Id = 77,
        Variants = [.. weights.Select((weight, index) => new Variant
            { Id = index, Name = $"{(char)('A' + index)}", Body = "", Weight = weight })],
    };
}
