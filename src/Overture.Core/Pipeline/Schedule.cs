using Overture.Core.Jobs;

namespace Overture.Core.Pipeline;

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
        new("search", TimeSpan.FromMinutes(1), "new leads are found as fast as old ones, misspelt or not"),
        new("forget", TimeSpan.FromHours(1), "files of imports are not kept longer than they can be undone"),
    ];

    /// <summary>What each line does.</summary>
    public static Task Run(string name, Phases phases, int node, CancellationToken cancel) => name switch
    {
        "enrich" => phases.Enrich(cancel),
        "rank" => phases.Rank(cancel),
        "compose" => phases.Compose(cancel),
        "send" => phases.Send(node, cancel),
        "recover" => phases.Recover(cancel),
        "search" => phases.Search(cancel),
        "forget" => phases.Forget(cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The schedule has no such line."),
    };
}
