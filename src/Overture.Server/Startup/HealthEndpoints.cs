using Npgsql;
using Overture.Core.Health;

namespace Overture.Server.Startup;

/// <summary>For load balancers and watchers: alive, ready, and in short how it is.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { state = "live" }))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/health", Ready).AllowAnonymous().ExcludeFromDescription();
    }

    // Strangers learn whether it works, not what it runs on; the findings themselves are for members.
    static async Task<IResult> Ready(NpgsqlDataSource database, CancellationToken cancel)
    {
        try
        {
            var finding = await new MigrationsCurrent(database).Look(cancel);
            var ready = finding.State == HealthState.Passed;
            return Results.Json(new { state = ready
                ? "ready" : "schema_outdated" }, statusCode: ready ? 200 : 503);
        }
        catch (NpgsqlException)
        {
            return Results.Json(new { state = "database_unavailable" }, statusCode: 503);
        }
    }
}
