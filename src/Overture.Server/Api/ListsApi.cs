using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class ListsApi
{
    public static void MapLists(this IEndpointRouteBuilder api)
    {
        var lists = api.MapGroup("/lists").WithTags("Lists");
        lists.MapGet("", All).RequireAuthorization(Policies.Viewer)
            .WithSummary("Lists, with how many are on each");
        lists.MapPost("", Create).RequireAuthorization(Policies.Member).WithSummary("A new, empty list");
        lists.MapGet("/{id:long}", Get).RequireAuthorization(Policies.Viewer).WithSummary("A list");
        lists.MapPatch("/{id:long}", Rename).RequireAuthorization(Policies.Member)
            .WithSummary("Another name for the list");
        lists.MapDelete("/{id:long}", Delete).RequireAuthorization(Policies.Member)
            .WithSummary("Delete the list; its leads stay");
        lists.MapPost("/{id:long}/add", Add).RequireAuthorization(Policies.Member)
            .WithSummary("Put on it whom a filter names, or the ones listed").CanDryRun(Counted.ToAffected);
        lists.MapPost("/{id:long}/remove", Remove).RequireAuthorization(Policies.Member)
            .WithSummary("Take off it whom a filter names, or the ones listed")
            .CanDryRun(Counted.ToAffected);
        var views = api.MapGroup("/views").WithTags("Lists");
        views.MapGet("", Views).RequireAuthorization(Policies.Viewer).WithSummary("Saved views of the leads");
        views.MapPost("", SaveView).RequireAuthorization(Policies.Member)
            .WithSummary("Keep a filter under a name");
        views.MapPatch("/{id:long}", RenameView).RequireAuthorization(Policies.Member)
            .WithSummary("Another name for the view");
        views.MapDelete("/{id:long}", DeleteView).RequireAuthorization(Policies.Member)
            .WithSummary("Delete a saved view");
    }

    static Task<IReadOnlyList<LeadList>> All(HttpContext http, LeadLists lists, CancellationToken cancel) =>
        lists.All(http.Caller().WorkspaceId, cancel);

    static async Task<Created<LeadList>> Create(
        NewList list, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var id = await lists.Create(workspace, list.Name, cancel);
        return TypedResults.Created($"/api/v1/lists/{id}", await lists.Get(workspace, id, cancel));
    }

    static Task<LeadList> Get(long id, HttpContext http, LeadLists lists, CancellationToken cancel) =>
        lists.Get(http.Caller().WorkspaceId, id, cancel);

    static async Task<LeadList> Rename(
        long id, NewList list, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        await lists.Rename(workspace, id, list.Name, cancel);
        return await lists.Get(workspace, id, cancel);
    }

    static async Task<NoContent> Delete(long id, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        await lists.Delete(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }

    static async Task<Counted> Add(
        long id, SelectedLeads selected, HttpContext http, LeadLists lists, CancellationToken cancel) =>
        new(await lists.Add(http.Caller().WorkspaceId, id, selected.Selection(), cancel));

    static async Task<Counted> Remove(
        long id, SelectedLeads selected, HttpContext http, LeadLists lists, CancellationToken cancel) =>
        new(await lists.Remove(http.Caller().WorkspaceId, id, selected.Selection(), cancel));

    static Task<IReadOnlyList<SavedView>> Views(
        HttpContext http, LeadLists lists, CancellationToken cancel) =>
        lists.Views(http.Caller().WorkspaceId, cancel);

    static async Task<Created<SavedView>> SaveView(
        NewView view, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        var by = http.Caller();
        var id = await lists.SaveView(by.WorkspaceId, view.Name, view.Query, by.Name, cancel);
        var saved = (await lists.Views(by.WorkspaceId, cancel)).Single(known => known.Id == id);
        return TypedResults.Created($"/api/v1/views/{id}", saved);
    }

    static async Task<SavedView> RenameView(
        long id, NewList view, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        await lists.RenameView(workspace, id, view.Name, cancel);
        return (await lists.Views(workspace, cancel)).Single(known => known.Id == id);
    }

    static async Task<NoContent> DeleteView(
        long id, HttpContext http, LeadLists lists, CancellationToken cancel)
    {
        await lists.DeleteView(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }
}

public sealed record NewList(string Name);

/// <summary>The query is the part of the leads page's address after the question mark.</summary>
public sealed record NewView(string Name, string Query);
