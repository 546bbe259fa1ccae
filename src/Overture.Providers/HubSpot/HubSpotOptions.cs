using System.Globalization;
using Overture.Providers.Outbound;

namespace Overture.Providers.HubSpot;

/// <summary>Settings for HubSpot.</summary>
public sealed record HubSpotOptions
{
    /// <summary>The service's short name.</summary>
    public const string Provider = "hubspot";

    /// <summary>The same for all regions.</summary>
    public Uri BaseUrl { get; init; } = new("https://api.hubapi.com");

    /// <summary>A service key or an access token.</summary>
    public string? AccessToken { get; init; }

    /// <summary>A dated version ("2026-09") or an old numbered one ("v3", ends in September 2027).</summary>
    public string ApiVersion { get; init; } = "2026-09";

    /// <summary>Calls in any ten seconds: 100 on Free and Starter, 190 above.</summary>
    public int CallsPerTenSeconds { get; init; } = 100;

    /// <summary>Calls per day; null = no cap.</summary>
    public decimal? DailyBudgetCalls { get; init; }

    /// <summary>Everything wrong with these settings; empty when they can be used.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new OptionProblems("HubSpot").Url(nameof(BaseUrl), BaseUrl)
            .Secret(nameof(AccessToken), AccessToken).Budget(DailyBudgetCalls)
            .Range(nameof(CallsPerTenSeconds), CallsPerTenSeconds, 1, 250).All;
        return ApiVersion is ['v', >= '1' and <= '9'] || IsDated
            ? problems
            : [.. problems,
                $"HubSpot: ApiVersion \"{ApiVersion}\" is neither a date like 2026-09 nor a number like v3."];
    }

    /// <summary>The path of an object type, in the form of the version.</summary>
    internal string Objects(string type) =>
        IsDated ? $"/crm/objects/{ApiVersion}/{type}" : $"/crm/{ApiVersion}/objects/{type}";

    /// <summary>The path of a type's properties.</summary>
    internal string Properties(string type) =>
        IsDated ? $"/crm/properties/{ApiVersion}/{type}" : $"/crm/{ApiVersion}/properties/{type}";

    internal ProviderProfile Profile => new(
        Provider, [new RateWindow(Math.Max(1, CallsPerTenSeconds), TimeSpan.FromSeconds(10))])
    {
        Judge = HubSpotVerdict.Of,
        IsBilled = false,
        DailyBudget = DailyBudgetCalls,
        MaxBodyBytes = 16 * 1024 * 1024,
    };

    /// <summary>Searches have a limit of their own: five per second and account.</summary>
    internal ProviderProfile SearchProfile =>
        Profile with { Name = Provider,
            Windows = [new RateWindow(4, TimeSpan.FromSeconds(1), IsSpread: true)] };

    bool IsDated => DateOnly.TryParseExact(
        ApiVersion, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
