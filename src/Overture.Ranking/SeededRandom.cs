using System.Runtime.InteropServices;

namespace Overture.Ranking;

/// <summary>
/// A small generator whose numbers depend on the seed alone, on every machine and runtime (SplitMix64,
/// Steele, Lea and Flood 2014). Not for secrets.
/// </summary>
struct SeededRandom(ulong seed)
{
    ulong state = seed;

    /// <summary>
    /// A stream of its own for one named thing, so that the order of the things does not matter.
    /// </summary>
    public static SeededRandom For(ulong seed, string name)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 14695981039346656037UL ^ seed;
        foreach (var part in MemoryMarshal.AsBytes(name.AsSpan())) hash = (hash ^ part) * 1099511628211UL;
        return new SeededRandom(hash);
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, limit).</summary>
    public int NextInt(int limit) => (int)(NextDouble() * limit);

    /// <summary>Standard normal (Box and Muller).</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>A draw from Beta(a, b); both above zero.</summary>
    public double NextBeta(double a, double b)
    {
        var (x, y) = (LogGamma(a), LogGamma(b));
        // In logarithms, because both draws may underflow when a and b are small.
        var largest = Math.Max(x, y);
        var (ex, ey) = (Math.Exp(x - largest), Math.Exp(y - largest));
        return ex / (ex + ey);
    }

    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Logarithm of a Gamma(shape, 1) draw (Marsaglia and Tsang 2000).</summary>
    double LogGamma(double shape)
    {
        if (shape < 1) return LogGamma(shape + 1) + Math.Log(1 - NextDouble()) / shape;
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NextNormal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return Math.Log(
                d * v);
        }
    }
}
