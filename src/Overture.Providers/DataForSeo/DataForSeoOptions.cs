using Overture.Providers.Outbound;

namespace Overture.Providers.DataForSeo;

/// <summary>Settings for DataForSEO.</summary>
public sealed record DataForSeoOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "dataforseo";

    /// <summary>With its version; the sandbox is https://sandbox.dataforseo.com/v3.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.dataforseo.com/v3");

    /// <summary>The login.</summary>
    public string? Login { get; init; }

    /// <summary>The API password, which is not the one of the web site.</summary>
    public string? ApiPassword { get; init; }

    /// <summary>US dollars per day; null = no cap.</summary>
    public decimal? DailyBudgetDollars { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("DataForSEO")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(Login), Login).Secret(nameof(ApiPassword), ApiPassword)
        .Budget(DailyBudgetDollars).All;

    // A live search may take two minutes.
    internal ProviderProfile Profile => new(Provider, [new RateWindow(2000, TimeSpan.FromMinutes(1))])
    {
        Judge = DataForSeoVerdict.Of,
        AttemptTimeout = TimeSpan.FromSeconds(130),
        DailyBudget = DailyBudgetDollars,
        MaxBodyBytes = 32 * 1024 * 1024,
    };
}
