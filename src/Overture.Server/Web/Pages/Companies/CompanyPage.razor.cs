using Microsoft.AspNetCore.Components;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class CompanyPage(PageState state, Companies companies, Leads leads) : LoadedPage(state)
{
    const int PageSize = 50;

    [Parameter]
    public long Id { get; set; }

    Company Company { get; set; } = null!;

    LeadPage Found { get; set; } = new([], 0, null);

    protected override async Task Load()
    {
        Company = await companies.Get(WorkspaceId, Id, Cancel);
        var filter = new LeadFilter { CompanyId = Id, Sort = LeadSort.Score };
        Found = await leads.List(WorkspaceId, filter, Query("cursor"), PageSize, Cancel);
    }
}
