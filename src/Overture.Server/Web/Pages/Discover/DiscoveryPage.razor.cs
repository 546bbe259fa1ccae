using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Server.Api;

namespace Overture.Server.Web;

public sealed partial class DiscoveryPage(PageState state, Discoveries discoveries) : LoadedPage(state)
{
    [Parameter]
    public long Id { get; set; }

    Discovery One { get; set; } = null!;

    IReadOnlyList<SourceEstimate> Estimates { get; set; } = [];

    IReadOnlyList<Proposal> Rows { get; set; } = [];

    IReadOnlyDictionary<string, long> Counts { get; set; } = new Dictionary<string, long>();

    long Waiting => Counts.GetValueOrDefault("proposed");

    protected override async Task Load()
    {
        One = await discoveries.Get(WorkspaceId, Id, Cancel);
        Estimates = DiscoveryView.Estimates(One);
        (Rows, Counts) = await discoveries.Proposals(WorkspaceId, Id, null, Cancel);
    }

    static string Amount(decimal amount, string unit) => string.Create(
        CultureInfo.InvariantCulture, $"{amount:#,0.######} {(amount == 1 ? unit.TrimEnd('s') : unit)}");
}
