using Overture.Providers.Outbound;

namespace Overture.Providers.Apollo;

/// <summary>Settings for Apollo.</summary>
public sealed record ApolloOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "apollo";

    /// <summary>With its version.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.apollo.io/api/v1");

    /// <summary>The API key; some calls need a master key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Calls per minute of the plan: 50 on the free plan, 200 on the others.</summary>
    public int CallsPerMinute { get; init; } = 50;

    /// <summary>Calls per hour of the plan: 200 on the free plan.</summary>
    public int CallsPerHour { get; init; } = 200;

    /// <summary>Credits per day; null = no cap.</summary>
    public decimal? DailyBudgetCredits { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("Apollo")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(ApiKey), ApiKey).Budget(DailyBudgetCredits)
        .Range(nameof(CallsPerMinute), CallsPerMinute, 1, 1000)
        .Range(nameof(CallsPerHour), CallsPerHour, 1, 60_000).All;

    internal ProviderProfile Profile => new(
        Provider,
        [
            new RateWindow(Math.Max(1, CallsPerMinute), TimeSpan.FromMinutes(1)),
            new RateWindow(Math.Max(1, CallsPerHour), TimeSpan.FromHours(1)),
        ])
    {
        Judge = ApolloVerdict.Of,
        DailyBudget = DailyBudgetCredits,
    };
}
