using Overture.Core.Data;
using Overture.Core.Health;

namespace Overture.Testing;

/// <summary>
/// What must hold of the send tables at every quiet moment, as the product itself asks it. Run after every
/// test that sends; the sink is checked beside it, because it alone knows what has really left.
/// </summary>
public static class Invariants
{
    /// <summary>Every exception found, each in words; empty when all invariants hold.</summary>
    public static Task<IReadOnlyList<string>> Broken(Database database, CancellationToken cancel) =>
        InvariantReport.Broken(database, atRest: true, cancel);
}
