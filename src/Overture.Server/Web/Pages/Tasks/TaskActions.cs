using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class TaskActions
{
    public static void MapTaskActions(this WebApplication app)
    {
        app.MapAction("/tasks/{id:long}/done", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, HumanTasks tasks,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "Done. Its sequence goes on.",
                    by => tasks.Done(by.WorkspaceId, id, by.Name, cancel)));
        app.MapAction("/tasks/{id:long}/dismiss", Policies.Member,
            (long id, [FromForm] string? back, HttpContext http, HumanTasks tasks,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "Dismissed. Its sequence goes on without it.",
                    by => tasks.Dismiss(by.WorkspaceId, id, by.Name, cancel)));
        app.MapAction("/tasks/{id:long}/snooze", Policies.Member,
            (long id, [FromForm] string? until, [FromForm] string? back, HttpContext http, HumanTasks tasks,
                CancellationToken cancel) =>
                PageActions.Do(
                    http, back, "It comes back on that day.",
                    by => tasks.Snooze(by.WorkspaceId, id, Day(until), cancel)));
    }

    static DateOnly Day(string? text) =>
        DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw new RuleBroken("bad_day", "Choose a day.", "until");
}
