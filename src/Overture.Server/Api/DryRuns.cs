using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Server.Configuration;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>How many an answer says were affected, or would be.</summary>
delegate ValueTask<long> Affected(EndpointFilterInvocationContext context, object? answer);

/// <summary>
/// <c>?dry_run=true</c>: the verb itself is carried out, on a database that rolls back instead of committing,
/// and the answer says how many it would have affected.
/// </summary>
static class DryRuns
{
    /// <summary>As a handler would name it; a query says dry_run.</summary>
    public const string Name = "dryRun";

    /// <summary>Only for verbs that are one unit of work and do nothing outside the database.</summary>
    public static RouteHandlerBuilder CanDryRun(this RouteHandlerBuilder endpoint, Affected affected) =>
        endpoint.WithMetadata(new DryRunnable()).AddEndpointFilter(async (context, next) =>
        {
            var answer = await next(context);
            var http = context.HttpContext;
            if (http.Features.Get<DryRun>() is null) return answer;
            var value = answer is IValueHttpResult { Value: { } inner } ? inner : answer;
            var style = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value;
            var told = JsonSerializer.SerializeToNode(value, style.SerializerOptions)!.AsObject();
            told["would_affect"] = await affected(context, value);
            return TypedResults.Json(told);
        });

    public static bool IsOffered(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<DryRunnable>() is not null;

    /// <summary>Whether this request only wants to know.</summary>
    public static bool IsDryRun(this HttpContext http) => http.Features.Get<DryRun>() is not null;

    public static void UseDryRuns(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!http.Request.Query.TryGetValue(Name, out var asked) || http.GetEndpoint() is not { } endpoint
            || !IsOffered(endpoint))
        {
            await next(http);
            return;
        }

        if (!bool.TryParse(asked, out var isDry))
            throw new BadQuery("dry_run", "“dry_run” is true or false.");
        var real = http.RequestServices;
        if (isDry)
        {
            http.Features.Set(new DryRun());
            http.RequestServices = real.GetRequiredService<DryRunVerbs>().Instead(real);
        }

        try
        {
            await next(http);
        }
        finally
        {
            http.RequestServices = real;
        }
    });

    /// <summary>Those who are in it, and those who would be: so many people may be written to.</summary>
    public static async ValueTask<long> ByStarting(EndpointFilterInvocationContext context, object? answer)
    {
        var http = context.HttpContext;
        var (workspace, cancel) = (http.Caller().WorkspaceId, http.RequestAborted);
        var id = long.Parse((string)http.GetRouteValue("id")!, CultureInfo.InvariantCulture);
        var review = answer as LaunchReview ?? await http.RequestServices
            .GetRequiredService<ReviewCampaign>().Of(workspace, id, cancel);
        var counters = await http.RequestServices
            .GetRequiredService<CampaignReport>().Of(workspace, id, cancel);
        var pilot = context.Arguments.OfType<LaunchRequest>().FirstOrDefault()?.Pilot
            ?? context.Arguments.OfType<int>().Cast<int?>().FirstOrDefault();
        return Math.Min(review.Audience, pilot ?? long.MaxValue) + counters.Active;
    }

    sealed record DryRun;
}

/// <summary>Marks an endpoint that takes dry_run.</summary>
sealed record DryRunnable;

/// <summary>All verbs once more, over a database that keeps nothing.</summary>
sealed class DryRunVerbs(OvertureOptions options, Database database, TimeProvider time) : IAsyncDisposable
{
    readonly Lazy<ServiceProvider> verbs = new(() => new ServiceCollection().AddLogging()
        .AddOverture(options, database.Rehearsing(), time).BuildServiceProvider());

    public IServiceProvider Instead(IServiceProvider real) => new Both(verbs.Value, real);

    public ValueTask DisposeAsync() =>
        verbs.IsValueCreated ? verbs.Value.DisposeAsync() : ValueTask.CompletedTask;

    sealed class Both(IServiceProvider verbs, IServiceProvider real) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType.Assembly == typeof(Leads).Assembly
                ? verbs.GetService(serviceType) : real.GetService(serviceType);
    }
}
