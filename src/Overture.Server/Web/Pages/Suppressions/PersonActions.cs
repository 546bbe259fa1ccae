using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class PersonActions
{
    public static void MapPersonActions(this WebApplication app)
    {
        app.MapAction("/suppressions/person/export", Policies.Admin,
            async (HttpContext http, PersonalData people, [FromForm] string? email, [FromForm] string? format,
                CancellationToken cancel) =>
            {
                var export = await people.Export(http.Caller().WorkspaceId, email ?? "", cancel);
                return format == "csv"
                    ? Results.File(Encoding.UTF8.GetBytes(PersonCsv.Of(export)), "text/csv", "person.csv")
                    : Results.File(
                        JsonSerializer.SerializeToUtf8Bytes(export, JobJson.Options), "application/json",
                        "person.json");
            });
        app.MapAction("/suppressions/person/erase", Policies.Admin,
            (HttpContext http, PersonalData people, [FromForm] string? email, CancellationToken cancel) =>
                PageActions.Do(http, "/suppressions/person", "Erased. The receipt is below.",
                    by => people.Erase(by.WorkspaceId, email ?? "", by.Name, cancel)));
    }
}
