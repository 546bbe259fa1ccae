using Overture.Providers.Outbound;

namespace Overture.Providers.Apollo;

/// <summary>
/// Apollo's refusals: texts or JSON of several shapes; limits per minute, hour and day at once; results that
/// are still pending answer 404.
/// </summary>
static class ApolloVerdict
{
    public static ProviderFailure? Of(Answer answer)
    {
        var said = ErrorText.Of(answer);
        if (answer.HttpCode == 404 && ErrorText.CodeOf(answer) == "result_pending")
            return HttpVerdict.As(ApolloOptions.Provider, FailureKind.Pending, answer, said)
                with { RetryAfter = PendingFor(answer) };
        var failure = HttpVerdict.Of(ApolloOptions.Provider, answer, said);
        return failure is { Kind: FailureKind.RateLimited, RetryAfter: null }
            ? failure with { RetryAfter = WindowOf(answer, said ?? "") }
            : failure;
    }

    static TimeSpan PendingFor(Answer answer) =>
        HttpVerdict.Believed((double)(Loose.Parse(answer.Body)["retry_after_seconds"].Number ?? 10));

    // Windows are fixed and opened by the first call, so their whole length is the safe wait.
    static TimeSpan? WindowOf(Answer answer, string said)
    {
        if (answer.Header("x-24-hour-requests-left") == "0"
            || said.Contains("per day", StringComparison.Ordinal))
            return TimeSpan.FromDays(1);
        if (answer.Header("x-hourly-requests-left") == "0"
            || said.Contains("per hour", StringComparison.Ordinal))
            return TimeSpan.FromHours(1);
        return answer.Header("x-minute-requests-left") == "0"
            || said.Contains("per minute", StringComparison.Ordinal)
            ? TimeSpan.FromMinutes(1)
            : null;
    }
}
