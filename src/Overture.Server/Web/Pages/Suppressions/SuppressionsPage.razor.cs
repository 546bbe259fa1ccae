using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class SuppressionsPage(
    PageState state, Suppressions suppressions, NavigationManager navigation)
    : LoadedPage(state)
{
    const int PageSize = 50;

    IReadOnlyList<Suppression> Rows { get; set; } = [];

    string? NextCursor { get; set; }

    /// <summary>
    /// Why the address that is searched for is never contacted, be it by a suppression of its domain.
    /// </summary>
    string? Reason { get; set; }

    bool IsAddress => Query("search")?.Contains('@', StringComparison.Ordinal) == true;

    protected override async Task Load()
    {
        var rows = await suppressions.List(
            WorkspaceId, Query("search"), PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        if (IsAddress) Reason = await suppressions.ReasonFor(WorkspaceId, Query("search")!, Cancel);
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
    }

    async Task Add()
    {
        var value = Form("value").Trim();
        var note = Form("note").Trim() is { Length: > 0 } text ? text : null;
        var added = await Try(
            () => suppressions.Add(WorkspaceId, value, "manual", note, State.Caller.Name, Cancel));
        if (!added) return;
        Notice.Say(State.Http, $"{value} is never contacted from now on.");
        navigation.NavigateTo("/suppressions");
    }
}
