using Overture.Providers.Outbound;

namespace Overture.Providers.Crunchbase;

/// <summary>Settings for Crunchbase; searching needs a paid licence.</summary>
public sealed record CrunchbaseOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "crunchbase";

    /// <summary>With its prefix; older contracts use https://api.crunchbase.com/api/v4.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.crunchbase.com/v4/data");

    /// <summary>The user key.</summary>
    public string? UserKey { get; init; }

    /// <summary>Calls per day; null = no cap.</summary>
    public decimal? DailyBudgetCalls { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("Crunchbase")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(UserKey), UserKey).Budget(DailyBudgetCalls).All;

    internal ProviderProfile Profile => new(Provider, [new RateWindow(200, TimeSpan.FromMinutes(1))])
    {
        Judge = answer => HttpVerdict.Of(Provider, answer, ErrorText.Of(answer)),
        IsBilled = false,
        DailyBudget = DailyBudgetCalls,
    };
}
