using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportCheckPage(PageState state, Imports imports, NavigationManager navigation)
    : ImportPage(state, imports)
{
    [Parameter]
    public long Id { get; set; }

    Import Import { get; set; } = null!;

    ImportReport Report { get; set; } = new();

    protected override async Task Load()
    {
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
        if (Import.JobId is not null) navigation.NavigateTo(Address(Id, "/run"));
        // To begin, nothing need be rehearsed once more.
        if (HttpMethods.IsGet(State.Http.Request.Method))
            Report = await Imports.Check(WorkspaceId, Id, Cancel);
    }

    async Task Run()
    {
        if (await Try(() => Imports.Start(WorkspaceId, Id, State.Caller.Name, Cancel)))
            navigation.NavigateTo(Address(Id, "/run"));
        else Report = await Imports.Check(WorkspaceId, Id, Cancel);
    }
}
