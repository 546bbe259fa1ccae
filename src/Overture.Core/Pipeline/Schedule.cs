namespace Overture.Core.Pipeline;

/// <summary>One line of the schedule: what runs, how often, and why.</summary>
public sealed record PeriodicJob(string Name, TimeSpan Interval, string Why);

/// <summary>THE table of everything that happens by the clock.</summary>
public static class Schedule
{
    public static IReadOnlyList<PeriodicJob> All { get; } =
    [
        new("enrich", TimeSpan.FromSeconds(10), "new leads are enriched soon after they arrive"),
        new("rank", TimeSpan.FromSeconds(10), "enriched leads get their score before anybody looks"),
        new("compose", TimeSpan.FromSeconds(10), "due steps become messages"),
        new("send", TimeSpan.FromSeconds(5), "due messages leave as soon as limits and windows allow"),
        new("recover", TimeSpan.FromSeconds(20), "what a dead process had claimed is settled"),
    ];
}
