using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class HolidayActions
{
    const string Back = "/holidays";

    public static void MapHolidayActions(this WebApplication app)
    {
        app.MapAction("/holidays/add", Policies.Admin,
            (HttpContext http, Holidays holidays, [FromForm] string? day, [FromForm] string? country,
                [FromForm] string? name, CancellationToken cancel) => PageActions.Do(
                http, Back, "Added: nobody is written to on that day.", by => holidays.Add(
                    by.WorkspaceId, new Holiday(Day(day), country ?? "", name ?? ""), cancel)));
        app.MapAction("/holidays/remove", Policies.Admin,
            (HttpContext http, Holidays holidays, [FromForm] string? day, [FromForm] string? country,
                CancellationToken cancel) => PageActions.Do(
                http, Back, "Removed.", by => holidays.Remove(
                    by.WorkspaceId, Day(day), country ?? "", cancel)));
    }

    static DateOnly Day(string? text) =>
        DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw new RuleBroken("bad_day", "Enter a day such as 2026-12-24.", "day");
}
