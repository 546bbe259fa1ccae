using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportColumnsPage(PageState state, Imports imports, NavigationManager navigation)
    : ImportPage(state, imports)
{
    const string Skip = "skip";
    const int LongestSample = 60;

    static readonly (DuplicateRule Rule, string Label, string Meaning)[] Rules =
    [
        (DuplicateRule.FillBlanks, "Fill blanks", "Keep what is known, and add what is missing."),
        (DuplicateRule.Overwrite, "Overwrite", "Take the file’s word wherever it says something."),
        (DuplicateRule.Skip, "Leave alone", "Change nothing about them."),
    ];

    [Parameter]
    public long Id { get; set; }

    ImportPreview Preview { get; set; } = null!;

    DuplicateRule Rule { get; set; }

    /// <summary>Those whose columns are all in this file come first.</summary>
    IReadOnlyList<ImportPreset> Presets { get; set; } = [];

    string Kept { get; set; } = "";

    string PresetHint => Presets.Any(Fits)
        ? "Sets every column and the rule below at once."
        : "Columns that this file does not have are left out.";

    string[] Choices { get; set; } = [];

    string Facts =>
        $"{Preview.Import.FileName}: {Preview.RowCount:N0} {(Preview.RowCount == 1 ? "row" : "rows")}, "
        + $"{Preview.Columns.Count:N0} columns divided by {DelimiterName}, {Preview.Encoding}"
        + (Preview.HeaderLine > 0 ? $", header in line {Preview.HeaderLine:N0}." : ".");

    string DelimiterName => Preview.Delimiter switch
    {
        ',' => "commas",
        ';' => "semicolons",
        '\t' => "tabs",
        _ => "bars",
    };

    protected override async Task Load()
    {
        Preview = await Imports.Preview(WorkspaceId, Id, Cancel);
        if (Preview.Import.JobId is not null) navigation.NavigateTo(Address(Id, "/run"));
        Presets = [.. (await Imports.Presets(WorkspaceId, Cancel)).OrderByDescending(Fits)];
        Rule = Preview.Import.DuplicateRule;
        var mapping = Preview.Import.MappingOf();
        Choices = [.. Preview.Columns.Select(column => mapping.GetValueOrDefault(column.Column, Skip))];
    }

    async Task Save()
    {
        for (var index = 0; index < Choices.Length; index++)
            if (Form(Name(index)) is { Length: > 0 } chosen) Choices[index] = chosen;
        Kept = Form("keep").Trim();
        var kept = await Try(async () =>
        {
            Rule = Enum.TryParse<DuplicateRule>(Form("rule"), out var rule) && Enum.IsDefined(rule)
                ? rule
                : throw new RuleBroken("bad_rule", "Choose one of the three.", "rule");
            CheckChoices();
            var mapping = Preview.Columns.Index()
                .ToDictionary(pair => pair.Item.Column, pair => Choices[pair.Index]);
            await Imports.Map(WorkspaceId, Id, mapping, Rule, Cancel);
            if (Kept.Length > 0)
                await Imports.SavePreset(WorkspaceId, Id, Kept, State.Caller.Name, Cancel);
        });
        if (!kept) return;
        if (Kept.Length > 0) Notice.Say(State.Http, $"The preset “{Kept}” is saved.");
        navigation.NavigateTo(Address(Id, "/check"));
    }

    async Task UsePreset()
    {
        var chosen = Presets.FirstOrDefault(preset => Form("use") == $"{preset.Id}");
        var used = await Try(async () =>
        {
            if (chosen is null) throw new RuleBroken("no_preset", "Choose a preset.", "use");
            await Imports.UsePreset(WorkspaceId, Id, chosen.Id, Cancel);
        });
        if (!used) return;
        Notice.Say(State.Http, $"The columns are read as in “{chosen!.Name}”.");
        navigation.NavigateTo(Address(Id));
    }

    /// <summary>The same rules as those of the import itself, told at the very column.</summary>
    void CheckChoices()
    {
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < Choices.Length; index++)
        {
            if (Choices[index] == Skip
                || first.TryAdd(Choices[index], Preview.Columns[index].Column)) continue;
            throw new RuleBroken(
                "field_used_twice",
                $"“{first[Choices[index]]}” is read as {ImportFields.Get(Choices[index]).Label} already. "
                + "Leave one of them out.",
                Name(index));
        }

        if (first.Count == 0)
            throw new RuleBroken(
                "nothing_mapped",
                "Every column is left out. Say which one holds a name, an address or a company.", Name(0));
    }

    bool Fits(ImportPreset preset) =>
        preset.Columns().Keys.All(name => Preview.Columns.Any(column => column.Column == name));

    internal static string LabelOf(DuplicateRule rule) =>
        Rules.Single(one => one.Rule == rule).Label;

    string Chosen(int index) => Choices[index];

    bool IsWrong(int index) => Broken?.Pointer == Name(index);

    static string Name(int index) => $"column-{index}";

    static string Short(string cell) =>
        cell.Length <= LongestSample ? cell : string.Concat(cell.AsSpan(0, LongestSample), "…");
}
