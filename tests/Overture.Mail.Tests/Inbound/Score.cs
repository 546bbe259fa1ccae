namespace Overture.Mail.Tests.Inbound;

/// <summary>Counts hits and prints one line of the comparison table.</summary>
sealed class Score(ITestOutputHelper output, string corpus, string measure, string bestPeer)
{
    int hits;
    int all;

    public double Share => all == 0 ? 0 : (double)hits / all;

    public int Misses => all - hits;

    public void Add(bool hit, string name, Func<string> difference)
    {
        all++;
        if (hit) hits++;
        else output.WriteLine($"  miss {name}: {difference()}");
    }

    public void Print() =>
        output.WriteLine(ScoreLine.Of($"{corpus}, {measure}", hits, all, bestPeer));
}
