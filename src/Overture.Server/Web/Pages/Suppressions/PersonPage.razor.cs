using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class PersonPage(PageState state, PersonalData people) : LoadedPage(state)
{
    IReadOnlyDictionary<string, int>? Counts { get; set; }

    IReadOnlyList<ErasureReceipt> Receipts { get; set; } = [];

    protected override async Task Load()
    {
        Receipts = await people.Receipts(WorkspaceId, Cancel);
        if (Query("email") is { } email)
            await Try(async () => Counts = await people.Count(WorkspaceId, email, Cancel));
    }

    static string Removed(ErasureReceipt receipt)
    {
        var parts = receipt.Removed.EnumerateObject().Where(part => part.Value.GetInt32() > 0)
            .Select(part => $"{part.Value} {part.Name}").ToList();
        return parts.Count == 0 ? "nothing was kept" : string.Join(", ", parts);
    }
}
