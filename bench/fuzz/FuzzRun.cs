using System.Diagnostics;

namespace Overture.Fuzz;

/// <summary>
/// One parser over many damaged files. Time is the processor's, so that a busy machine accuses nobody. A hang
/// ends the process and names the input.
/// </summary>
sealed class FuzzRun(FuzzTarget target, List<(string File, byte[] Bytes)> seeds)
{
    const int MaxFailuresShown = 10;
    const long MaxAllocatedBytes = 512L * 1024 * 1024;
    static readonly TimeSpan SlowestAllowed = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    readonly Mutations mutations = new([.. seeds.Select(seed => seed.Bytes)]);
    volatile int current;
    int failures;

    public bool Run(int first, int count)
    {
        var started = Stopwatch.GetTimestamp();
        var (slowest, slowestNumber, most) = (TimeSpan.Zero, first, 0L);
        var watched = -1;
        using var watch = new Timer(_ => watched = EndIfHanging(watched), null, Hang, Hang);
        for (var number = first; number < first + count; number++)
        {
            current = number;
            var (input, seed) = mutations.Make(number);
            var (spent, allocated) = RunOne(input, number, seed);
            if (spent > slowest) (slowest, slowestNumber) = (spent, number);
            if (allocated > most) most = allocated;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(
            $"{target.Name,-12} {count} mutations of {seeds.Count} files, {failures} failures, slowest "
            + $"{slowest.TotalMilliseconds:F0} ms ({target.Name}:{slowestNumber}), "
            + $"most allocated {most / 1048576.0:F0} MB, {seconds:F0} s");
        return failures == 0;
    }

    (TimeSpan Spent, long Allocated) RunOne(byte[] input, int number, int seed)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Environment.CpuUsage.TotalTime;
        try
        {
            target.Parse(input);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            Fail(number, seed, broken.ToString());
        }

        var spent = Environment.CpuUsage.TotalTime - started;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var size = $"for {input.Length} bytes";
        if (spent > SlowestAllowed) Fail(number, seed, $"took {spent.TotalMilliseconds:F0} ms {size}");
        if (allocated > MaxAllocatedBytes)
            Fail(number, seed, $"allocated {allocated} bytes {size}");
        return (spent, allocated);
    }

    void Fail(int number, int seed, string reason)
    {
        if (++failures <= MaxFailuresShown)
            Console.WriteLine($"{target.Name}:{number} ({seeds[seed].File}) {reason}");
    }

    int EndIfHanging(int seen)
    {
        if (seen != current) return current;
        Console.WriteLine($"{target.Name}:{seen} hangs");
        Environment.Exit(2);
        return seen;
    }
}

static class Seeds
{
    const int MaxSeedBytes = 128 * 1024;

    public static List<(string File, byte[] Bytes)> Of(FuzzTarget target, string data)
    {
        List<(string File, byte[] Bytes)> seeds = [.. target.Seeds.Select(seed => ("own seed", seed))];
        foreach (var file in target.Corpora.SelectMany(corpus => Folders(data, corpus)).SelectMany(Files))
            if (new FileInfo(file).Length <= MaxSeedBytes)
                seeds.Add((Path.GetRelativePath(data, file), File.ReadAllBytes(file)));
        return seeds;
    }

    static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    static IEnumerable<string> Folders(string data, string corpus)
    {
        IEnumerable<string> folders = [data];
        foreach (var segment in corpus.Split('/'))
            folders = folders.SelectMany(folder => Directory.EnumerateDirectories(folder, segment).Order());
        return folders;
    }
}
