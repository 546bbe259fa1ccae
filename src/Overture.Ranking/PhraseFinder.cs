namespace Overture.Ranking;

/// <summary>
/// Finds which of many phrases occur in a text in one pass over it (Aho and Corasick 1975): the time depends
/// on the text alone, not on how many phrases there are or how they overlap.
/// </summary>
sealed class PhraseFinder
{
    readonly Dictionary<(int Node, char Letter), int> next = [];
    readonly List<int> phraseAt = [-1];
    readonly List<int> sameAs = [];
    int[] fallback = [];
    int[] shorterHit = [];

    public void Add(string phrase)
    {
        var node = 0;
        foreach (var letter in phrase)
        {
            if (!next.TryGetValue((node, letter), out var child))
            {
                child = phraseAt.Count;
                next[(node, letter)] = child;
                phraseAt.Add(-1);
            }

            node = child;
        }

        // Two spellings may fold to one phrase ("café", "cafe"): the second points at the first.
        sameAs.Add(phraseAt[node] >= 0 ? phraseAt[node] : sameAs.Count);
        if (phraseAt[node] < 0) phraseAt[node] = sameAs.Count - 1;
    }

    /// <summary>Ends the adding: computes where to go on when the next letter does not fit.</summary>
    public void Seal()
    {
        fallback = new int[phraseAt.Count];
        shorterHit = new int[phraseAt.Count];
        var children = next.ToLookup(e => e.Key.Node, e => (e.Key.Letter, Node: e.Value));
        var queue = new Queue<int>();
        foreach (var (_, node) in children[0]) queue.Enqueue(node);
        while (queue.TryDequeue(out var node))
        {
            shorterHit[node] = phraseAt[fallback[node]] >= 0 ? fallback[node] : shorterHit[fallback[node]];
            foreach (var (letter, child) in children[node])
            {
                fallback[child] = Step(fallback[node], letter);
                queue.Enqueue(child);
            }
        }
    }

    /// <summary>One flag per phrase in the order of adding.</summary>
    public bool[] Find(string text)
    {
        var hits = new bool[sameAs.Count];
        if (hits.Length == 0) return hits;
        var node = 0;
        foreach (var letter in text)
        {
            node = Step(node, letter);
            // A hit seen before has had its shorter hits marked too, so each is marked once in the whole
            // pass.
            for (var at = phraseAt[node] >= 0 ? node : shorterHit[node];
                 at != 0 && !hits[phraseAt[at]];
                 at = shorterHit[at])
                hits[phraseAt[at]] = true;
        }

        for (var i = 0; i < hits.Length; i++) hits[i] = hits[sameAs[i]];
        return hits;
    }

    int Step(int node, char letter)
    {
        while (true)
        {
            if (next.TryGetValue((node, letter), out var child)) return child;
            if (node == 0) return 0;
            node = fallback[node];
        }
    }
}
