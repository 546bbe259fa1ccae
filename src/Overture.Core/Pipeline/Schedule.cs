using Overture.Core.Jobs;

namespace Overture.Core.Pipeline;

/// <summary>THE table of everything that happens by the clock.</summary>
public static class Schedule
{
    public static IReadOnlyList<PeriodicJob> All { get; } =
    [
        new("enrich", TimeSpan.FromSeconds(10), "new leads are enriched soon after they arrive"),
        new("rank", TimeSpan.FromSeconds(10), "enriched leads get their score before anybody looks"),
        new("train", TimeSpan.FromMinutes(5), "the ranking learns every night from what came back"),
        new("compose", TimeSpan.FromSeconds(10), "due steps become messages"),
        new("send", TimeSpan.FromSeconds(5), "due messages leave as soon as limits and windows allow"),
        new("answer", TimeSpan.FromSeconds(5), "what people write back leaves when it can no longer be taken back"),
        new("listen", TimeSpan.FromSeconds(30), "mailboxes that nobody waits at are looked into"),
        new("discover", TimeSpan.FromMinutes(1), "discoveries are repeated on their day"),
        new("sweep", TimeSpan.FromHours(6), "records of calls do not grow for ever"),
        new("recover", TimeSpan.FromSeconds(20), "what a dead process had claimed is settled"),
    ];

    /// <summary>What each line does.</summary>
    public static Task Run(string name, Phases phases, int node, CancellationToken cancel) => name switch
    {
        "enrich" => phases.Enrich(node, cancel),
        "rank" => phases.Rank(cancel),
        "train" => phases.Train(cancel),
        "compose" => phases.Compose(cancel),
        "send" => phases.Send(node, cancel),
        "answer" => phases.Answer(node, cancel),
        "listen" => phases.Listen(node, cancel),
        "discover" => phases.Discover(cancel),
        "sweep" => phases.Sweep(cancel),
        "recover" => phases.Recover(cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The schedule has no such line."),
    };
}
