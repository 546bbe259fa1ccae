using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class DuplicatesPage(PageState state, Duplicates duplicates) : LoadedPage(state)
{
    const int PageSize = 20;

    const string Why =
        "An import that meets an address, a profile or a domain it knows completes that record by itself. "
        + "Only where two records look alike and nothing proves it, such as one name under two addresses at "
        + "one company, is the pair shown here.";

    IReadOnlyList<DuplicateRow> Pairs { get; set; } = [];

    long Total { get; set; }

    string? NextCursor { get; set; }

    protected override async Task Load()
    {
        var (rows, total) = await duplicates.List(
            WorkspaceId, PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Pairs = [.. rows.Take(PageSize)];
        Total = total;
        NextCursor = rows.Count > PageSize ? Pairs[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
    }
}
