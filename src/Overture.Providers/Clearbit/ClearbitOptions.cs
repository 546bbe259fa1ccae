using Overture.Providers.Outbound;

namespace Overture.Providers.Clearbit;

/// <summary>Settings for Clearbit, which gives no keys to new customers.</summary>
public sealed record ClearbitOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "clearbit";

    /// <summary>Said wherever the provider is shown.</summary>
    public const string Notice =
        "Clearbit is closed to new customers since 2023; use Hunter, whose enrichment has the same fields.";

    /// <summary>Companies.</summary>
    public Uri CompanyBaseUrl { get; init; } = new("https://company.clearbit.com/v2");

    /// <summary>People.</summary>
    public Uri PersonBaseUrl { get; init; } = new("https://person.clearbit.com/v2");

    /// <summary>The key of an existing contract.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Look-ups per day; null = no cap.</summary>
    public decimal? DailyBudgetLookups { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new OptionProblems("Clearbit").Url(nameof(CompanyBaseUrl), CompanyBaseUrl)
            .Url(nameof(PersonBaseUrl), PersonBaseUrl).Secret(nameof(ApiKey), ApiKey)
            .Budget(DailyBudgetLookups).All;
        return string.IsNullOrWhiteSpace(ApiKey) ? [.. problems, Notice] : problems;
    }

    internal ProviderProfile Profile => new(Provider, [new RateWindow(600, TimeSpan.FromMinutes(1))])
    {
        Judge = answer => answer.HttpCode == 202
            ? HttpVerdict.As(Provider, FailureKind.Pending, answer, "the look-up is queued")
                with { RetryAfter = TimeSpan.FromSeconds(30) }
            : HttpVerdict.Of(Provider, answer, ErrorText.Of(answer)),
        DailyBudget = DailyBudgetLookups,
    };
}
