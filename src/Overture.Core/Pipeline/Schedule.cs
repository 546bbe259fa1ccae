using Overture.Core.Jobs;

namespace Overture.Core.Pipeline;

/// <summary>THE table of everything that happens by the clock.</summary>
public static class Schedule
{
    /// <summary>Kept up by <see cref="SendLoop"/>, a mailbox for itself.</summary>
    public const string Send = "send";

    /// <summary>Kept up by <see cref="Model.Quarantine"/>.</summary>
    public const string Witness = "witness";

    public static IReadOnlyList<PeriodicJob> All { get; } =
    [
        new("enrich", TimeSpan.FromSeconds(10), "new leads are enriched soon after they arrive"),
        new("rank", TimeSpan.FromSeconds(10), "enriched leads get their score before anybody looks"),
        new("train", TimeSpan.FromMinutes(5), "the ranking learns every night from what came back"),
        new("compose", TimeSpan.FromSeconds(10), "due steps become messages"),
        new(Send, TimeSpan.FromSeconds(1), "due messages leave as soon as limits and windows allow", true),
        new("answer", TimeSpan.FromSeconds(5), "our answers leave when they can no longer be taken back"),
        new("listen", TimeSpan.FromSeconds(30), "mailboxes that nobody waits at are looked into"),
        new("discover", TimeSpan.FromMinutes(1), "discoveries are repeated on their day"),
        new("sweep", TimeSpan.FromHours(6), "records of calls do not grow for ever"),
        new("guard", TimeSpan.FromMinutes(1), "what bounces or is reported as spam stops by itself"),
        new("domains", TimeSpan.FromMinutes(10), "the DNS records of sending domains are read every day"),
        new("recover", TimeSpan.FromSeconds(20), "what a dead process had claimed is settled"),
        new("search", TimeSpan.FromMinutes(1), "new leads are found as fast as old ones, misspelt or not"),
        new("forget", TimeSpan.FromHours(1), "files of imports and answers for repeats go in time"),
        new("verify", TimeSpan.FromSeconds(30), "messages of unknown fate are looked for"),
        new(Witness, TimeSpan.FromMinutes(1), "a restored or copied database is found out", true),
    ];

    /// <summary>How often a line runs.</summary>
    public static TimeSpan IntervalOf(string name) => All.First(line => line.Name == name).Interval;

    /// <summary>What each line does that runs on one node at a time.</summary>
    public static Task Run(string name, Phases phases, int node, CancellationToken cancel) => name switch
    {
        "enrich" => phases.Enrich(node, cancel),
        "rank" => phases.Rank(cancel),
        "train" => phases.Train(cancel),
        "compose" => phases.Compose(cancel),
        "answer" => phases.Answer(node, cancel),
        "listen" => phases.Listen(node, cancel),
        "discover" => phases.Discover(cancel),
        "sweep" => phases.Sweep(cancel),
        "guard" => phases.Guard(cancel),
        "domains" => phases.CheckDomains(cancel),
        "recover" => phases.Recover(cancel),
        "search" => phases.Search(cancel),
        "forget" => phases.Forget(cancel),
        "verify" => phases.Verify(cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The schedule has no such line."),
    };
}
