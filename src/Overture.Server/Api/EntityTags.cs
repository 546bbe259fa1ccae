using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Overture.Core.Data;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>
/// What can be read and changed under one address has an ETag, a hash of what is read; a change with
/// If-Match happens only while that is still so (RFC 9110, 13.1.1). Two such changes of one address exclude
/// each other, on all nodes.
/// </summary>
sealed class EntityTags(IOptions<JsonOptions> json, Database database) : IDisposable
{
    public const string Stale = "changed_meanwhile";
    const int HashBytes = 16;

    /// <summary>Each holds a connection besides the one it works on.</summary>
    const int MostAtOnce = 8;

    static readonly string[] Changes = ["PUT", "PATCH", "DELETE"];

    readonly SemaphoreSlim places = new(MostAtOnce);
    IReadOnlyDictionary<string, Endpoint>? readers;

    /// <summary>Gives whatever an address reads its tag.</summary>
    public static async ValueTask<object?> Tag(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var http = context.HttpContext;
        var tags = http.RequestServices.GetRequiredService<EntityTags>();
        if (HttpMethods.IsGet(http.Request.Method) && tags.Reader(http) is not null)
            http.Response.Headers.ETag =
                tags.Of(result is IValueHttpResult { Value: { } value } ? value : result);
        return result;
    }

    public static void Use(WebApplication app) => app.Use((http, next) =>
        http.Request.Headers.IfMatch.Count == 0 || HttpMethods.IsGet(http.Request.Method)
            || http.GetEndpoint() is not { } endpoint || !QueryWords.IsApi(endpoint)
            ? next(http)
            : http.RequestServices.GetRequiredService<EntityTags>().ChangeIfMatching(http, next));

    /// <summary>Whether this address is read and changed, so that it has a tag.</summary>
    public bool IsTagged(EndpointDataSource endpoints, string path) =>
        (readers ??= ReadersOf(endpoints)).ContainsKey(Plain(path));

    public void Dispose() => places.Dispose();

    async Task ChangeIfMatching(HttpContext http, RequestDelegate next)
    {
        if (Reader(http) is not { } reader || !Changes.Contains(http.Request.Method))
            await TroubleAnswers.Write(http, new(400, ExitCode.Usage, "if_match_not_possible",
                "This address has no ETag, so If-Match cannot be kept here. Leave it out."));
        else if (http.Request.GetTypedHeaders().IfMatch is not { Count: > 0 } wanted)
            await TroubleAnswers.Write(http, new(400, ExitCode.Usage, "if_match_unusable",
                "If-Match is an ETag as it was given, in its quotation marks, or *."));
        else
            await Change(http, next, reader, wanted);
    }

    async Task Change(
        HttpContext http, RequestDelegate next, Endpoint reader, IList<EntityTagHeaderValue> wanted)
    {
        await places.WaitAsync(http.RequestAborted);
        try
        {
            await using var alone = await database.OpenAlone(
                http.Caller().WorkspaceId, http.Request.Path.Value ?? "", http.RequestAborted);
            if (!IsOneOf(wanted, await Read(http, reader)))
            {
                await TroubleAnswers.Write(http, new(412, ExitCode.Refused, Stale,
                    "This has changed since you read it, and nothing was done. Read it again, and decide."));
                return;
            }

            http.Response.OnStarting(async () =>
            {
                if (!HttpMethods.IsDelete(http.Request.Method) && http.Response.StatusCode < 300)
                    http.Response.Headers.ETag = await Read(http, reader);
            });
            await next(http);
        }
        finally
        {
            places.Release();
        }
    }

    // A proxy that compresses makes a tag weak on its way; it is still the same one.
    static bool IsOneOf(IList<EntityTagHeaderValue> wanted, string tag) => wanted.Any(one =>
        one.Equals(EntityTagHeaderValue.Any) || one.Tag.Equals(tag, StringComparison.Ordinal));

    // Reads as the caller would, through the address's own reader.
    static async Task<string> Read(HttpContext http, Endpoint reader)
    {
        var reading = new DefaultHttpContext
        {
            RequestServices = http.RequestServices, User = http.User, RequestAborted = http.RequestAborted,
        };
        reading.Request.Method = HttpMethods.Get;
        reading.Request.Path = http.Request.Path;
        reading.Request.RouteValues = new RouteValueDictionary(http.Request.RouteValues);
        reading.Features.Set(http.Caller());
        reading.SetEndpoint(reader);
        reading.Response.Body = Stream.Null;
        await reader.RequestDelegate!(reading);
        return reading.Response.Headers.ETag.ToString();
    }

    string Of(object? value)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value, json.Value.SerializerOptions));
        return $"\"{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}\"";
    }

    Endpoint? Reader(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } path }
            ? (readers ??= ReadersOf(http.RequestServices.GetRequiredService<EndpointDataSource>()))
                .GetValueOrDefault(Plain(path))
            : null;

    // A page of a list is not what a change of the whole list is about.
    static Dictionary<string, Endpoint> ReadersOf(EndpointDataSource endpoints) => endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(QueryWords.IsApi)
        .GroupBy(endpoint => Plain(endpoint.RoutePattern.RawText!))
        .Where(address => address.Any(endpoint => Changes.Any(verb => Takes(endpoint, verb))))
        .Select(address => (address.Key, Reader: address.FirstOrDefault(one => Takes(one, "GET"))))
        .Where(address => address.Reader is not null && !IsPaged(address.Reader))
        .ToDictionary(address => address.Key, address => (Endpoint)address.Reader!);

    static bool Takes(RouteEndpoint endpoint, string method) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(method) == true;

    static bool IsPaged(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<MethodInfo>()!
        .GetParameters().Any(one => one.Name == Paging.Cursor || one.ParameterType == typeof(LeadQuery));

    static string Plain(string path) => path.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/');
}
