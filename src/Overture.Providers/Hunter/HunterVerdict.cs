using Overture.Providers.Outbound;

namespace Overture.Providers.Hunter;

/// <summary>
/// Hunter turns the usual meanings round: 403 is the rate limit, 429 the end of the credits, 451 a person who
/// objected, 202 a check still running.
/// </summary>
static class HunterVerdict
{
    static readonly TimeSpan CheckAgainAfter = TimeSpan.FromSeconds(5);

    public static ProviderFailure? Of(Answer answer)
    {
        FailureKind? kind = answer.HttpCode switch
        {
            202 => FailureKind.Pending,
            222 => FailureKind.Unavailable,
            403 or 409 => FailureKind.RateLimited,
            429 => FailureKind.QuotaExhausted,
            _ => null,
        };
        var said = ErrorText.Of(answer);
        if (kind is null) return HttpVerdict.Of(HunterOptions.Provider, answer, said);
        var failure = HttpVerdict.As(HunterOptions.Provider, kind.Value, answer, said ?? "");
        return kind == FailureKind.Pending ? failure with { RetryAfter = CheckAgainAfter } : failure;
    }
}
