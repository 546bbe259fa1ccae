using Overture.Providers.Outbound;

namespace Overture.Providers.Hunter;

/// <summary>Settings for Hunter.</summary>
public sealed record HunterOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "hunter";

    /// <summary>With its version.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.hunter.io/v2");

    /// <summary>The API key, sent in a header.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Credits per day; null = no cap.</summary>
    public decimal? DailyBudgetCredits { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("Hunter")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(ApiKey), ApiKey).Budget(DailyBudgetCredits).All;

    // The verifier's limits, the lowest of the calls used; searches may go at 15 and 500.
    internal ProviderProfile Profile => new(
        Provider, [new RateWindow(10, TimeSpan.FromSeconds(1)), new RateWindow(300, TimeSpan.FromMinutes(1))])
    {
        Judge = HunterVerdict.Of,
        DailyBudget = DailyBudgetCredits,
    };
}
