using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace Overture.Server.Web;

/// <summary>
/// Where a list is: its query holds the filters, the cursor, and the cursors of the pages before.
/// </summary>
static class PageAddress
{
    const string Cursor = "cursor";
    const string Trail = "trail";
    const char Between = '~';
    const int LongestTrail = 40;

    /// <summary>
    /// This page's address with some of its query changed; a null value takes the name out.
    /// </summary>
    public static string With(HttpRequest request, params (string Name, string? Value)[] changes)
    {
        var query = new QueryBuilder();
        foreach (var (name, values) in request.Query)
            if (!Array.Exists(changes, change => change.Name == name)
                && values.ToString() is { Length: > 0 } value)
                query.Add(name, value);
        foreach (var (name, value) in changes)
            if (!string.IsNullOrEmpty(value)) query.Add(name, value);
        return request.Path + query.ToQueryString();
    }

    /// <summary>A changed filter or order begins at the first page.</summary>
    public static string FromStart(HttpRequest request, params (string Name, string? Value)[] changes) =>
        With(request, [.. changes, (Cursor, null), (Trail, null)]);

    public static string? Next(HttpRequest request, string? nextCursor)
    {
        if (nextCursor is null) return null;
        var trail = TrailOf(request).Append(request.Query[Cursor].ToString()).TakeLast(LongestTrail);
        return With(request, (Cursor, nextCursor), (Trail, string.Join(Between, trail) + Between));
    }

    /// <summary>The page before; null on the first one.</summary>
    public static string? Previous(HttpRequest request)
    {
        if (request.Query[Cursor].ToString().Length == 0) return null;
        var trail = TrailOf(request);
        if (trail.Count == 0) return FromStart(request);
        var rest = trail.SkipLast(1).ToList();
        return With(
            request, (Cursor, trail[^1]),
            (Trail, rest.Count == 0 ? null : string.Join(Between, rest) + Between));
    }

    /// <summary>
    /// The last id of the page before, in lists that are paged by id; null on the first page.
    /// </summary>
    public static long? BeforeId(HttpRequest request) =>
        long.TryParse(request.Query[Cursor], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id : null;

    // Each cursor ends with the mark, so that the empty one of the first page is counted too.
    static List<string> TrailOf(HttpRequest request)
    {
        var text = request.Query[Trail].ToString();
        return text.Length == 0 ? [] : [.. text.TrimEnd(Between).Split(Between)];
    }
}
