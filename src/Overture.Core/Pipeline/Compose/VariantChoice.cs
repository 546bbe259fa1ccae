using System.Buffers.Binary;
using System.Security.Cryptography;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Which wording an enrollment gets. Enrollments are dealt out in blocks by their number: each block holds
/// every wording as often as its weight says, in an order drawn from the step and the block alone. So the
/// split is exact over every block, the same on every run, and nothing about the lead can sway it.
/// </summary>
public static class VariantChoice
{
    public static Variant Of(Step step, long number)
    {
        var inUse = step.Variants.Where(variant => variant.Weight > 0).ToList();
        if (inUse.Count == 0)
            throw new RuleBroken("no_variant", $"Step {step.Position} has no text yet.");
        if (inUse.Count == 1) return inUse[0];
        var divisor = inUse.Select(variant => variant.Weight).Aggregate(GreatestCommonDivisor);
        var places = inUse
            .SelectMany(variant => Enumerable.Repeat(variant, variant.Weight / divisor)).ToList();
        var (block, place) = Math.DivRem(Math.Max(number - 1, 0), places.Count);
        return places.Select((variant, index) => (variant, index))
            .OrderBy(one => Draw(step.Id, block, one.index)).ElementAt((int)place).variant;
    }

    static ulong Draw(long stepId, long block, int index)
    {
        Span<byte> seed = stackalloc byte[20];
        BinaryPrimitives.WriteInt64LittleEndian(seed, stepId);
        BinaryPrimitives.WriteInt64LittleEndian(seed[8..], block);
        BinaryPrimitives.WriteInt32LittleEndian(seed[16..], index);
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(seed));
    }

    static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}
