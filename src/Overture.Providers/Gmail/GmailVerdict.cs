using System.Globalization;
using System.Text.RegularExpressions;
using Overture.Providers.Outbound;

namespace Overture.Providers.Gmail;

/// <summary>
/// Gmail's refusals: 403 is a rate limit, the day's end or a missing right, told apart by its reason; a 429
/// names the moment to come back in its text.
/// </summary>
static partial class GmailVerdict
{
    public static ProviderFailure? Of(Answer answer)
    {
        if (answer.IsSuccess) return null;
        var (reason, said) = Read(answer);
        var kind = (answer.HttpCode, reason) switch
        {
            (403 or 429, "dailyLimitExceeded" or "quotaExceeded") => FailureKind.QuotaExhausted,
            (429, _) or (403, "rateLimitExceeded" or "userRateLimitExceeded") => FailureKind.RateLimited,
            // The account has no Gmail, or may not use it: no message of it will fare better.
            (400, "failedPrecondition") => FailureKind.Forbidden,
            _ => (FailureKind?)null,
        };
        return kind is null
            ? HttpVerdict.Of(GmailOptions.Provider, answer, said)
            : HttpVerdict.As(GmailOptions.Provider, kind.Value, answer, said)
                with { RetryAfter = HttpVerdict.RetryAfter(answer) ?? Named(answer, said) };
    }

    static (string? Reason, string? Said) Read(Answer answer)
    {
        try
        {
            var error = Loose.Parse(answer.Body)["error"];
            var reason = error["errors"].Items.Select(e => e["reason"].Text).FirstOrDefault();
            return (reason, error["message"].Text);
        }
        catch (MalformedAnswerException)
        {
            return (null, null);
        }
    }

    static TimeSpan? Named(Answer answer, string? said) =>
        said is not null && Moment().Match(said) is { Success: true } found
        && DateTimeOffset.TryParse(
            found.Groups["at"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var at)
            ? HttpVerdict.Believed((at - answer.At).TotalSeconds)
            : null;

    [GeneratedRegex(@"Retry after (?<at>[0-9T:.+-]{10,40}Z?)", RegexOptions.NonBacktracking)]
    private static partial Regex Moment();
}
