using Overture.Providers.Outbound;

namespace Overture.Providers.Lemlist;

/// <summary>Settings for lemlist.</summary>
public sealed record LemlistOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "lemlist";

    /// <summary>Without a version; each call names its own.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.lemlist.com/api");

    /// <summary>The key of one team.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Calls per day; null = no cap.</summary>
    public decimal? DailyBudgetCalls { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems() => new OptionProblems("lemlist")
        .Url(nameof(BaseUrl), BaseUrl).Secret(nameof(ApiKey), ApiKey).Budget(DailyBudgetCalls).All;

    internal ProviderProfile Profile => new(Provider, [new RateWindow(20, TimeSpan.FromSeconds(2))])
    {
        Judge = LemlistVerdict.Of,
        IsBilled = false,
        DailyBudget = DailyBudgetCalls,
    };
}
