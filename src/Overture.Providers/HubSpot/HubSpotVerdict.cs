using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.HubSpot;

/// <summary>HubSpot's refusals: 429 of two kinds, 423 and 477 as requests to wait.</summary>
static class HubSpotVerdict
{
    static readonly TimeSpan LockedFor = TimeSpan.FromSeconds(2);
    static readonly TimeSpan WindowLength = TimeSpan.FromSeconds(10);

    public static ProviderFailure? Of(Answer answer)
    {
        var said = ErrorText.Of(answer);
        return answer.HttpCode switch
        {
            429 => TooMany(answer, said),
            423 or 477 => Wait(answer, said, LockedFor),
            _ => HttpVerdict.Of(HubSpotOptions.Provider, answer, said),
        };
    }

    static ProviderFailure TooMany(Answer answer, string? said)
    {
        var isDaily = said?.Contains("daily", StringComparison.OrdinalIgnoreCase) == true
            || answer.Header("X-HubSpot-RateLimit-Daily-Remaining") == "0"
            || Policy(answer).Contains("DAILY", StringComparison.OrdinalIgnoreCase);
        if (isDaily) return HttpVerdict.As(HubSpotOptions.Provider, FailureKind.QuotaExhausted, answer, said);
        return Wait(answer, said, double.TryParse(
            answer.Header("X-HubSpot-RateLimit-Interval-Milliseconds"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var milliseconds)
            ? HttpVerdict.Believed(milliseconds / 1000)
            : Policy(answer).Contains("TEN_SECONDLY", StringComparison.Ordinal) ? WindowLength : null);
    }

    static ProviderFailure Wait(Answer answer, string? said, TimeSpan? otherwise) =>
        HttpVerdict.As(HubSpotOptions.Provider, FailureKind.RateLimited, answer, said)
            with { RetryAfter = HttpVerdict.RetryAfter(answer) ?? otherwise };

    static string Policy(Answer answer)
    {
        try
        {
            return Loose.Parse(answer.Body)["policyName"].Text ?? "";
        }
        catch (MalformedAnswerException)
        {
            return "";
        }
    }
}
