using System.Globalization;
using System.Threading.RateLimiting;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>How many requests a key, and how many sign-in attempts an address, may make.</summary>
static class RequestLimits
{
    /// <summary>The strict policy of sign-in and setup.</summary>
    public const string AtTheDoor = "at_the_door";
    const int DoorAttempts = 10;
    static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public static void AddRequestLimits(
        this WebApplicationBuilder builder, OvertureOptions options, TimeProvider time) =>
        builder.Services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = (context, _) => Refuse(context.HttpContext, context.Lease);
            limits.GlobalLimiter = new KeyAllowances(options.ApiRequestLimit, Window, time);
            limits.AddPolicy(AtTheDoor, http => HttpMethods.IsPost(http.Request.Method)
                ? Fixed(http.Connection.RemoteIpAddress?.ToString() ?? "unknown", DoorAttempts)
                : RateLimitPartition.GetNoLimiter(""));
        });

    static RateLimitPartition<string> Fixed(string who, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(
        who, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window });

    static ValueTask Refuse(HttpContext http, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window;
        var seconds = KeyAllowances.Seconds(wait);
        var trouble = new Trouble(429, ExitCode.RateLimited, "rate_limited",
            $"Too many requests. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.")
        {
            ViolatedPolicy = http.KeyId() is null ? AtTheDoor : KeyAllowances.Policy,
        };
        var answer = TroubleAnswers.Write(http, trouble, seconds.ToString(CultureInfo.InvariantCulture));
        return new ValueTask(answer);
    }
}
