namespace Overture.Core.Pipeline;

/// <summary>
/// The numbers that one run of an import has given out. They come in ascending order and mostly without gaps,
/// so millions of them are few ranges.
/// </summary>
sealed class AddedIds
{
    readonly List<(long First, long Last)> ranges = [];

    public void Add(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
            if (ranges.Count > 0 && ranges[^1].Last == id - 1) ranges[^1] = (ranges[^1].First, id);
            else ranges.Add((id, id));
    }

    public bool Contains(long id)
    {
        var (low, high) = (0, ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (ranges[middle].Last < id) low = middle + 1;
            else if (ranges[middle].First > id) high = middle - 1;
            else return true;
        }

        return false;
    }
}
