using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Server.Web;

namespace Overture.Server.Startup;

/// <summary>Turns a failure into the answer the asker can read: problem+json (RFC 9457) or a page.</summary>
static class TroubleAnswers
{
    const string TryAgainAfterSeconds = "30";
    const string QuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    public static void AddTroubleAnswers(this WebApplicationBuilder builder) =>
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

    public static void UseTroubleAnswers(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Overture.Requests");
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
                if (http.Response is { HasStarted: false, ContentType: null } && Bare(http) is { } bare)
                    await Write(http, bare);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                // The one who asked has gone; nobody reads an answer.
            }
            catch (Exception error) when (!http.Response.HasStarted)
            {
                var trouble = Trouble.From(error);
                if (trouble.IsLogged) log.LogError(error, "{RequestId} failed.", http.TraceIdentifier);
                await Write(http, trouble);
            }
        });
    }

    // The framework answers these with a number alone.
    static Trouble? Bare(HttpContext http) => http.Response.StatusCode switch
    {
        404 => new(404, ExitCode.NotFound, "not_found", "There is nothing at this address."),
        405 => new(405, ExitCode.Usage, "method_not_allowed",
            $"This address does not take {http.Request.Method}; it takes {http.Response.Headers.Allow}."),
        415 => new(415, ExitCode.Usage, "media_type_unsupported",
            $"A body of this kind ({MediaType(http.Request)}) cannot be read here. Send JSON with "
            + "“Content-Type: application/json”; only a list for import is sent as it is, as text/csv "
            + "or application/octet-stream."),
        _ => null,
    };

    static string MediaType(HttpRequest request) =>
        request.ContentType is { Length: > 0 } type ? type.Split(';')[0] : "without a Content-Type";

    /// <summary>
    /// True for a browser that asks for a page; false for programs and for parts of a page.
    /// </summary>
    public static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !request.Headers.ContainsKey("HX-Request")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static async Task Write(HttpContext http, Trouble trouble, string? retryAfterSeconds = null)
    {
        var allowed = http.Response.Headers.Allow;
        http.Response.Clear();
        if (allowed.Count > 0) http.Response.Headers.Allow = allowed;
        http.Response.StatusCode = trouble.Http;
        http.Response.Headers["Request-Id"] = http.TraceIdentifier;
        if (trouble.Http is 429 or 503) retryAfterSeconds ??= TryAgainAfterSeconds;
        if (retryAfterSeconds is not null) http.Response.Headers.RetryAfter = retryAfterSeconds;
        if (WantsPage(http.Request)) await WritePage(http, trouble);
        else await WriteProblem(http, trouble);
    }

    // The page that failed has used up the renderer of its scope, so this one gets a scope of its own.
    static async Task WritePage(HttpContext http, Trouble trouble)
    {
        await using var scope =
            http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        var parameters = new Dictionary<string, object?> { [nameof(TroublePage.Trouble)] = trouble };
        await new RazorComponentResult<TroublePage>(parameters)
        {
            StatusCode = trouble.Http,
            PreventStreamingRendering = true,
        }.ExecuteAsync(http);
    }

    static Task WriteProblem(HttpContext http, Trouble trouble)
    {
        var errors = trouble.Pointer is { } pointer
            ? new[] { new ProblemPart(pointer, trouble.Code, trouble.Sentence) } : null;
        return http.Response.WriteAsJsonAsync(
            new Problem(
                trouble.ViolatedPolicy is null ? $"urn:overture:problem:{trouble.Code}" : QuotaExceeded,
                Title(trouble.Http), trouble.Http, trouble.Sentence,
                http.Request.Path, trouble.Code, http.TraceIdentifier, errors,
                trouble.ViolatedPolicy is { } policy ? [policy] : null),
            options: null, "application/problem+json", http.RequestAborted);
    }

    static string Title(int code) =>
        Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(code) is { Length: > 0 } phrase
            ? phrase : "Error";
}

/// <summary>The body of every refusal and failure of the REST surface.</summary>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string RequestId,
    [property: JsonIgnore(
        Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ProblemPart>? Errors,
    [property: JsonPropertyName("violated-policies"), JsonIgnore(
        Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? ViolatedPolicies = null);

/// <summary>One offending field of the input.</summary>
public sealed record ProblemPart(string Pointer, string Code, string Message);
