using Overture.Providers.Outbound;

namespace Overture.Providers.PeopleDataLabs;

/// <summary>Settings for People Data Labs.</summary>
public sealed record PeopleDataLabsOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "people_data_labs";

    /// <summary>With its version; the sandbox is https://sandbox.api.peopledatalabs.com/v5.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.peopledatalabs.com/v5");

    /// <summary>The API key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How sure a match must be, 1 to 10.</summary>
    public int MinLikelihood { get; init; } = 6;

    /// <summary>Calls per minute of the plan: 100 on the free plan, 1,000 on the paid ones.</summary>
    public int CallsPerMinute { get; init; } = 100;

    /// <summary>Credits per day; null = no cap.</summary>
    public decimal? DailyBudgetCredits { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("People Data Labs")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(ApiKey), ApiKey).Budget(DailyBudgetCredits)
        .Range(nameof(MinLikelihood), MinLikelihood, 1, 10)
        .Range(nameof(CallsPerMinute), CallsPerMinute, 1, 1000).All;

    internal ProviderProfile Profile => new(
        Provider, [new RateWindow(Math.Max(1, CallsPerMinute), TimeSpan.FromMinutes(1))])
    {
        Judge = Verdict,
        DailyBudget = DailyBudgetCredits,
        MaxBodyBytes = 4 * 1024 * 1024,
    };

    // There is no Retry-After; the end of the window stands in a header of its own.
    static ProviderFailure? Verdict(Answer answer)
    {
        var failure = HttpVerdict.Of(Provider, answer, ErrorText.Of(answer));
        return failure is { Kind: FailureKind.RateLimited, RetryAfter: null }
            && DateTimeOffset.TryParse(
                answer.Header("x-ratelimit-reset"), System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal, out var reset)
            ? failure with { RetryAfter = HttpVerdict.Believed((reset - answer.At).TotalSeconds) }
            : failure;
    }
}
