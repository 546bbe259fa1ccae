namespace Overture.Server.Api;

/// <summary>A page of a list in the API's one shape.</summary>
public sealed record Listing<T>(
    IReadOnlyList<T> Data, bool HasMore, string? NextCursor, long? TotalEstimate = null);

static class Paging
{
    public const int DefaultLimit = 25;

    /// <summary>Rows were read one beyond the page, newest first; the cursor is the last id shown.</summary>
    public static Listing<T> ByIdDown<T>(
        IReadOnlyList<T> rows, int limit, Func<T, long> id, long? total = null)
    {
        var page = rows.Take(limit).ToList();
        var hasMore = rows.Count > limit;
        return new(page, hasMore, hasMore ? id(page[^1]).ToString() : null, total);
    }
}
