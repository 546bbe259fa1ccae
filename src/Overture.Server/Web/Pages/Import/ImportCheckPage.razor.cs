using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportCheckPage(PageState state, Imports imports, NavigationManager navigation)
    : ImportPage(state, imports)
{
    /// <summary>A page is waited for; more rows than these would take longer than a few seconds.</summary>
    const int MostRehearsed = 5_000;

    [Parameter]
    public long Id { get; set; }

    Import Import { get; set; } = null!;

    ImportReport Report { get; set; } = new();

    long RowCount { get; set; }

    bool IsWhole => Report.Rows == RowCount;

    string Lead => IsWhole
        ? $"A rehearsal with every row of {Import.FileName}. Nothing has been changed yet."
        : $"A rehearsal with the first {Report.Rows:N0} of {RowCount:N0} rows of {Import.FileName}. "
            + "Nothing has been changed yet.";

    /// <summary>Every row is tried again; what was only rehearsed in part is offered as a whole.</summary>
    long Offered => IsWhole ? Report.Imported : RowCount;

    protected override async Task Load()
    {
        Import = await Imports.Get(WorkspaceId, Id, Cancel);
        if (Import.JobId is not null) navigation.NavigateTo(Address(Id, "/run"));
        // To begin, nothing need be rehearsed once more.
        if (HttpMethods.IsGet(State.Http.Request.Method)) await Rehearse();
    }

    async Task Run()
    {
        if (await Try(() => Imports.Start(WorkspaceId, Id, State.Caller.Name, Cancel)))
            navigation.NavigateTo(Address(Id, "/run"));
        else await Rehearse();
    }

    async Task Rehearse()
    {
        RowCount = (await Imports.Preview(WorkspaceId, Id, Cancel)).RowCount;
        Report = await Imports.Check(WorkspaceId, Id, Cancel, MostRehearsed);
    }
}
