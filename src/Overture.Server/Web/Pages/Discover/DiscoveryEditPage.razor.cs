using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class DiscoveryEditPage(
    PageState state, Discoveries discoveries, NavigationManager navigation)
    : LoadedPage(state)
{
    static readonly (string Name, string Key, string Source, string Rules)[] Examples =
    [
        ("Engineering leaders of funded software companies", "engineering", "apollo",
            """
            titles: [CTO, VP Engineering, Head of Engineering]
            seniorities: [c_level, vp, head]
            industries: [software]
            employees_from: 11
            employees_to: 200
            funded_within_days: 365
            countries: [United States, Germany]
            """),
        ("Founders of young health companies", "health", "explorium",
            """
            seniorities: [founder, c_level]
            industries: [health care]
            employees_from: 1
            employees_to: 50
            countries: [us, gb]
            """),
        ("Dental clinics found on the web", "web", "dataforseo",
            """
            searches:
              - dental clinic Berlin
              - dental clinic Hamburg
            """),
    ];

    public static IEnumerable<(string Name, string Key)> ExampleNames =>
        Examples.Select(example => (example.Name, example.Key));

    [Parameter]
    public long? Id { get; set; }

    DiscoveryDraft Draft { get; set; } = new("", "titles: []\nindustries: []\ncountries: []\n", []);

    string Most { get; set; } = "100";

    string? Every { get; set; }

    protected override async Task Load()
    {
        if (Id is { } id)
        {
            var kept = await discoveries.Get(WorkspaceId, id, Cancel);
            Draft = new DiscoveryDraft(kept.Name, kept.Rules, kept.Sources, kept.MostPerRun, kept.EveryDays);
            (Most, Every) = (Text(kept.MostPerRun), kept.EveryDays is { } days ? Text(days) : null);
        }
        else if (Examples.FirstOrDefault(one => one.Key == Query("example")) is { Name: not null } example)
        {
            Draft = new DiscoveryDraft(example.Name, example.Rules, [example.Source]);
        }
    }

    async Task Save()
    {
        long saved = 0;
        var isSaved = await Try(async () =>
        {
            (Most, Every) = (Form("most_per_run").Trim(), Form("every_days").Trim());
            // Texts first, so that they are shown again when a number is refused.
            Draft = Draft with
            {
                Name = Form("name"), Rules = Form("rules").ReplaceLineEndings("\n"),
                Sources = [.. State.Http.Request.Form["sources"].OfType<string>()],
            };
            Draft = Draft with
            {
                MostPerRun = Number("most_per_run", Most),
                EveryDays = Every.Length == 0 ? null : Number("every_days", Every),
            };
            if (Id is { } id) await discoveries.Update(WorkspaceId, saved = id, Draft, Cancel);
            else saved = await discoveries.Create(WorkspaceId, Draft, State.Caller.Name, Cancel);
        });
        if (!isSaved) return;
        Notice.Say(State.Http, "Saved. Look at ten before you search for all.");
        navigation.NavigateTo($"/discover/{saved}");
    }

    static int Number(string field, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RuleBroken("bad_number", "Enter a whole number.", field);

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
