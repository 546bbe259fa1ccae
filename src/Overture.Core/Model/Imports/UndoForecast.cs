namespace Overture.Core.Model;

/// <summary>What taking an import back would do now.</summary>
public sealed record UndoForecast
{
    public long LeadsRemoved { get; init; }
    public long ContactsRemoved { get; init; }
    public long CompaniesRemoved { get; init; }

    /// <summary>Added by the import, and written to, heard from, judged or merged since.</summary>
    public long ContactsKept { get; init; }

    public long CompaniesKept { get; init; }

    /// <summary>Added or opened by the import, and named by a later one too.</summary>
    public long ContactsHeld { get; init; }

    /// <summary>The later imports that would hold them.</summary>
    public IReadOnlyList<HeldBy> HeldBy { get; init; } = [];

    /// <summary>Known before; they get back what the import changed and nobody changed since.</summary>
    public long ContactsChanged { get; init; }

    public long CompaniesChanged { get; init; }
}

/// <summary>A later import, and how many people stay because it named them too.</summary>
public sealed record HeldBy(long ImportId, string FileName, int People)
{
    internal static IReadOnlyList<HeldBy> Sum(IEnumerable<HeldBy> parts) =>
        [.. parts.GroupBy(part => (part.ImportId, part.FileName)).OrderBy(group => group.Key.ImportId)
            .Select(group => new HeldBy(
                group.Key.ImportId, group.Key.FileName, group.Sum(part => part.People)))];
}
