using System.Globalization;
using System.Text;

namespace Overture.Providers.Outbound;

/// <summary>The usual meaning of HTTP codes, from which each service departs where it must.</summary>
public static class HttpVerdict
{
    static readonly TimeSpan LongestBelievedWait = TimeSpan.FromDays(31);

    /// <summary>
    /// The failure an answer stands for by the usual meaning of its code; null for 200 to 299.
    /// </summary>
    /// <param name="provider">The service's short name.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="said">What the service said, when its error format is known; otherwise the body's
    /// beginning.</param>
    public static ProviderFailure? Of(string provider, Answer answer, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.IsSuccess ? null : As(provider, KindOf(answer.HttpCode), answer, said);
    }

    /// <summary>A failure of a given kind with the answer's facts.</summary>
    public static ProviderFailure As(string provider, FailureKind kind, Answer answer, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new ProviderFailure(provider, kind, ProviderFailure.Clean(said ?? Beginning(answer)))
        {
            HttpCode = answer.HttpCode,
            Address = answer.Address,
            RetryAfter = RetryAfter(answer),
        };
    }

    /// <summary>
    /// The Retry-After header (RFC 9110 section 10.2.3) as seconds or date; null when absent or senseless.
    /// </summary>
    public static TimeSpan? RetryAfter(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Header("Retry-After") is not { } text) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return double.IsFinite(seconds) ? Believed(seconds) : null;
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Believed((at - answer.At).TotalSeconds)
            : null;
    }

    /// <summary>A wait limited to between nothing and a month.</summary>
    public static TimeSpan Believed(double seconds) =>
        TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestBelievedWait.TotalSeconds));

    static FailureKind KindOf(int code) => code switch
    {
        401 => FailureKind.Unauthorised,
        402 => FailureKind.QuotaExhausted,
        403 => FailureKind.Forbidden,
        404 or 410 => FailureKind.NotFound,
        408 => FailureKind.Timeout,
        413 => FailureKind.InvalidRequest,
        429 => FailureKind.RateLimited,
        451 => FailureKind.Blocked,
        >= 400 and < 500 => FailureKind.InvalidRequest,
        >= 500 => FailureKind.Unavailable,
        _ => FailureKind.Malformed,
    };

    static string Beginning(Answer answer)
    {
        const int beginningBytes = 400;
        if (answer.MediaType is "text/html" or "application/xhtml+xml") return "a web page instead of data";
        return Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(beginningBytes, answer.Body.Length)));
    }
}
