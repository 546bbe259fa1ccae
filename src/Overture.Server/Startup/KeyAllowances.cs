using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;

namespace Overture.Server.Startup;

/// <summary>
/// How many requests each API key has left in its window. Every answer to a key says so, in the fields of
/// draft-ietf-httpapi-ratelimit-headers and in those that were usual before.
/// </summary>
sealed class KeyAllowances(int limit, TimeSpan window, TimeProvider time)
    : PartitionedRateLimiter<HttpContext>
{
    /// <summary>The name of the policy, as its fields call it.</summary>
    public const string Policy = "default";

    readonly ConcurrentDictionary<string, Allowance> allowances = new();

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(resource, permitCount));

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount)
    {
        if (resource.KeyId() is not { } key) return new Lease(null);
        var now = time.GetUtcNow();
        var (isTaken, left, endsAt) = allowances.GetOrAdd(key, _ => new Allowance()).Take(limit, window, now);
        resource.Response.OnStarting(() =>
        {
            Tell(resource.Response.Headers, left, Seconds(endsAt - now), endsAt);
            return Task.CompletedTask;
        });
        return new Lease(isTaken ? null : endsAt - now);
    }

    /// <summary>Begun seconds count whole: who waits them has waited long enough.</summary>
    public static long Seconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));

    void Tell(IHeaderDictionary headers, int left, long seconds, DateTimeOffset endsAt)
    {
        var culture = CultureInfo.InvariantCulture;
        headers["RateLimit-Policy"] =
            string.Create(culture, $"\"{Policy}\";q={limit};w={window.TotalSeconds}");
        headers["RateLimit"] = string.Create(culture, $"\"{Policy}\";r={left};t={seconds}");
        headers["X-RateLimit-Limit"] = limit.ToString(culture);
        headers["X-RateLimit-Remaining"] = left.ToString(culture);
        headers["X-RateLimit-Reset"] = endsAt.ToUnixTimeSeconds().ToString(culture);
    }

    sealed class Allowance
    {
        readonly Lock turn = new();
        DateTimeOffset endsAt;
        int left;

        public (bool IsTaken, int Left, DateTimeOffset EndsAt) Take(
            int limit, TimeSpan window, DateTimeOffset now)
        {
            lock (turn)
            {
                if (now >= endsAt) (left, endsAt) = (limit, now + window);
                var isTaken = left > 0;
                if (isTaken) left--;
                return (isTaken, left, endsAt);
            }
        }
    }

    sealed class Lease(TimeSpan? wait) : RateLimitLease
    {
        public override bool IsAcquired => wait is null;

        public override IEnumerable<string> MetadataNames =>
            wait is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = wait;
            return wait is not null && metadataName == MetadataName.RetryAfter.Name;
        }
    }
}
