using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Ranking;

namespace Overture.Server.Web;

public sealed partial class RankingPage(PageState state, Rankings rankings, NavigationManager navigation)
    : LoadedPage(state)
{
    static readonly Seniority[] Levels =
        [.. Enum.GetValues<Seniority>().Where(level => level != Seniority.Unknown).Reverse()];

    RankingSettings Settings { get; set; } = new();

    IdealCustomerProfile Profile => Settings.Profile;

    protected override async Task Load() => Settings = await rankings.Get(WorkspaceId, Cancel);

    async Task Save()
    {
        var saved = await Try(async () =>
        {
            // What this page does not ask (signals, exclusions, weights) stays as it was.
            Settings = Settings with
            {
                Positive = Words("positive"), Negative = Words("negative"),
                Exploratory = Words("exploratory"),
                Profile = Profile with
                {
                    Industries = Words("industries"), Countries = Words("countries"),
                    Titles = Words("titles"),
                    Regions = Words("regions"),
                    Seniorities = [.. State.Http.Request.Form["seniorities"].Select(Level)
                        .OfType<Seniority>()],
                },
            };
            Settings = Settings with
            {
                Profile = Profile with
                {
                    EmployeesFrom = Number("employees_from"), EmployeesTo = Number("employees_to"),
                    FundedWithinDays = Number("funded_within_days"),
                },
            };
            await rankings.Put(WorkspaceId, Settings, State.Caller.Name, Cancel);
        });
        if (!saved) return;
        Notice.Say(State.Http, "Saved. Leads that wait are ranked again by the next run.");
        navigation.NavigateTo("/ranking");
    }

    string[] Words(string name) =>
        Form(name).Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    int? Number(string name) =>
        Form(name).Trim() is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new RuleBroken("bad_number", "Enter a whole number, or leave it empty.", name);

    static Seniority? Level(string? name) => Array.Exists(Levels, level => level.ToString() == name)
        ? Enum.Parse<Seniority>(name!)
        : null;

    static string LevelName(Seniority level) => level switch
    {
        Seniority.CLevel => "C-level",
        Seniority.Vp => "VP",
        _ => level.ToString(),
    };

    static string Join(IReadOnlyList<string> words) => string.Join(", ", words);

    static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
