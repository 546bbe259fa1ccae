using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Ranking;

namespace Overture.Server.Web;

public sealed partial class RankingPage(
    PageState state, Rankings rankings, RankingReport report, LearnedModels models, RankPreview preview,
    JobQueue jobs, NavigationManager navigation) : LoadedPage(state)
{
    static readonly Seniority[] Levels =
        [.. Enum.GetValues<Seniority>().Where(level => level != Seniority.Unknown).Reverse()];

    static readonly RankingMode[] Modes = [RankingMode.Learned, RankingMode.ColdStart, RankingMode.Fifo];

    /// <summary>As kept.</summary>
    RankingSettings Settings { get; set; } = new();

    /// <summary>As typed, or as kept while nothing was typed.</summary>
    RankingSettings Edited { get; set; } = new();

    IdealCustomerProfile Profile => Edited.Profile;

    RankingEvaluation Report { get; set; } = null!;

    IReadOnlyList<LearnedModel> History { get; set; } = [];

    RankPreviewOutcome? Preview { get; set; }

    Job? Training { get; set; }

    string Learned => Report.Newest is { } newest
        ? newest.Decision
        : Report.BuiltAt is null
            ? "Nothing has been learned yet. It takes at least ten answers, some of them yes."
            : $"Too little has come back to learn from: {Words.Many(Report.Labelled, "answer")}, "
              + $"{Report.Yes:N0} of them yes.";

    protected override async Task Load()
    {
        Settings = Edited = await rankings.Get(WorkspaceId, Cancel);
        Report = await report.Of(WorkspaceId, Cancel);
        History = await models.List(WorkspaceId, Cancel);
        var latest = await jobs.List(WorkspaceId, TrainRanking.Name, null, null, 1, Cancel);
        Training = latest is [{ IsFinished: false } job] ? job : null;
    }

    async Task Act()
    {
        if (!await Try(() => Task.FromResult(Edited = Read()))) return;
        if (Form("act") == "preview")
        {
            await Try(async () => Preview = await preview.Of(WorkspaceId, Edited, Cancel), Role.Viewer);
            return;
        }

        if (!await Try(() => rankings.Put(WorkspaceId, Edited, State.Caller.Name, Cancel))) return;
        Notice.Say(State.Http, "Saved. Leads that wait are ranked again by the next run.");
        navigation.NavigateTo("/ranking");
    }

    /// <summary>What this page does not ask (signals, exclusions, weights) stays as it was.</summary>
    RankingSettings Read() => Settings with
    {
        Positive = Listed("positive"), Negative = Listed("negative"), Exploratory = Listed("exploratory"),
        Profile = Settings.Profile with
        {
            Industries = Listed("industries"), Countries = Listed("countries"), Titles = Listed("titles"),
            Regions = Listed("regions"),
            Seniorities = [.. State.Http.Request.Form["seniorities"].Select(Level).OfType<Seniority>()],
            EmployeesFrom = Number("employees_from"), EmployeesTo = Number("employees_to"),
            FundedWithinDays = Number("funded_within_days"),
        },
    };

    string[] Listed(string name) =>
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

    static string ModeName(RankingMode mode) => mode switch
    {
        RankingMode.Learned => "Learned",
        RankingMode.ColdStart => "Keywords and fit",
        _ => "First in, first out",
    };

    static string ModeChoice(RankingMode mode) => mode switch
    {
        RankingMode.Learned => "what was learned, once there is a model",
        RankingMode.ColdStart => "keywords and ideal customer only",
        _ => "arrival only: first in, first out",
    };

    static string Join(IReadOnlyList<string> words) => string.Join(", ", words);

    static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
