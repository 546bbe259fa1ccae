using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Overture.Server.Api;

/// <summary>A page of a list in the API's one shape.</summary>
public sealed record Listing<T>(
    IReadOnlyList<T> Data, bool HasMore, string? NextCursor, long? TotalEstimate = null) : IPage;

/// <summary>What every page tells, whatever is on it.</summary>
public interface IPage
{
    string? NextCursor { get; }
}

static class Paging
{
    public const int DefaultLimit = 25;
    public const string Limit = "limit";
    public const string Cursor = "cursor";

    /// <summary>Rows were read one beyond the page, newest first; the cursor is the last id shown.</summary>
    public static Listing<T> ByIdDown<T>(
        IReadOnlyList<T> rows, int limit, Func<T, long> id, long? total = null)
    {
        var page = rows.Take(limit).ToList();
        var hasMore = rows.Count > limit;
        return new(page, hasMore, hasMore ? id(page[^1]).ToString() : null, total);
    }

    /// <summary>A page also says in its header where the next one is (RFC 8288).</summary>
    public static async ValueTask<object?> LinkToNext(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (result is IPage { NextCursor: { } cursor })
            context.HttpContext.Response.Headers.Link =
                $"<{NextAddress(context.HttpContext, cursor)}>; rel=\"next\"";
        return result;
    }

    // As it was asked, not as it was respelled for the framework.
    static string NextAddress(HttpContext http, string cursor)
    {
        var asked = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = asked.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start ? asked[start..] : "";
        var names = QueryHelpers.ParseQuery(query);
        names.Remove(Cursor);
        var request = http.Request;
        return $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}"
            + QueryString.Create(names).Add(Cursor, cursor);
    }
}
