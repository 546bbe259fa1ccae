using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class TasksApi
{
    const string Due = "due";

    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("Tasks");
        tasks.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("What people have to do: due, later, done or dismissed");
        tasks.MapGet("/counts", Counts).RequireAuthorization(Policies.Viewer)
            .WithSummary("How many there are of each sort");
        tasks.MapPost("/{id:long}/done", Done).RequireAuthorization(Policies.Member)
            .WithSummary("It is done; its sequence goes on");
        tasks.MapPost("/{id:long}/dismiss", Dismiss).RequireAuthorization(Policies.Member)
            .WithSummary("It will not be done; its sequence goes on without it");
        tasks.MapPost("/{id:long}/snooze", Snooze).RequireAuthorization(Policies.Member)
            .WithSummary("It comes back on another day");
    }

    static async Task<Listing<TaskRow>> List(
        HttpContext http, TaskReport report, string? sort, string? kind, int? limit, long? cursor,
        CancellationToken cancel)
    {
        if (sort is not (null or Due or "later" or "done" or "dismissed"))
            throw new RuleBroken("bad_sort", "A task is due, later, done or dismissed.", "sort");
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.List(
            http.Caller().WorkspaceId, sort ?? Due, kind, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static Task<TaskCounts> Counts(HttpContext http, TaskReport report, CancellationToken cancel) =>
        report.Counts(http.Caller().WorkspaceId, cancel);

    static Task<IResult> Done(long id, HttpContext http, HumanTasks tasks, CancellationToken cancel) =>
        After(id, http, by => tasks.Done(by.WorkspaceId, id, by.Name, cancel));

    static Task<IResult> Dismiss(long id, HttpContext http, HumanTasks tasks, CancellationToken cancel) =>
        After(id, http, by => tasks.Dismiss(by.WorkspaceId, id, by.Name, cancel));

    static Task<IResult> Snooze(
        long id, DateOnly until, HttpContext http, HumanTasks tasks, CancellationToken cancel) =>
        After(id, http, by => tasks.Snooze(by.WorkspaceId, id, until, cancel));

    static async Task<IResult> After(long id, HttpContext http, Func<Identity, Task> act)
    {
        await act(http.Caller());
        return TypedResults.Ok(new { id });
    }
}
