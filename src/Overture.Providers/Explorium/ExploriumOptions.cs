using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.Explorium;

/// <summary>Settings for Explorium (AgentSource).</summary>
public sealed record ExploriumOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "explorium";

    /// <summary>With its version; newer clients use /v2 for the same paths.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.explorium.ai/v1");

    /// <summary>The API key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Credits per day; null = no cap.</summary>
    public decimal? DailyBudgetCredits { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("Explorium")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(ApiKey), ApiKey).Budget(DailyBudgetCredits).All;

    internal ProviderProfile Profile => new(Provider, [new RateWindow(200, TimeSpan.FromMinutes(1))])
    {
        Judge = Verdict,
        DailyBudget = DailyBudgetCredits,
    };

    // 403 is the end of the credits as well as a missing right; only the sentence tells.
    static ProviderFailure? Verdict(Answer answer)
    {
        var said = ErrorText.Of(answer);
        if (answer.HttpCode == 403 && said?.Contains("credit", StringComparison.OrdinalIgnoreCase) == true)
            return HttpVerdict.As(Provider, FailureKind.QuotaExhausted, answer, said);
        var failure = HttpVerdict.Of(Provider, answer, said);
        return failure is { Kind: FailureKind.RateLimited, RetryAfter: null }
            && long.TryParse(
                answer.Header("X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture,
                out var reset)
            ? failure with { RetryAfter = HttpVerdict.Believed(reset - answer.At.ToUnixTimeSeconds()) }
            : failure;
    }
}
