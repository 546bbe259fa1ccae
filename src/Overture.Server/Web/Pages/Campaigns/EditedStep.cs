using System.Globalization;
using Overture.Core.Model;

namespace Overture.Server.Web;

/// <summary>One text of a step as it stands in the editor.</summary>
public sealed record EditedText(string Subject, string Body)
{
    public long? Id { get; init; }
    public string Weight { get; init; } = "1";
}

/// <summary>One step as it stands in the editor; what is a number is text until it is checked.</summary>
public sealed record EditedStep
{
    const string UsualDelay = "3";

    public long? Id { get; init; }

    /// <summary>How branches of the form name it.</summary>
    public string Key { get; init; } = "";

    public StepKind Kind { get; init; }
    public string DelayDays { get; init; } = "0";
    public bool InWorkingDays { get; init; }
    public bool EndsHere { get; init; }
    public ManualKind? Manual { get; init; }
    public ConditionDraft? Condition { get; init; }
    public IReadOnlyList<EditedText> Texts { get; init; } = [];

    public int? Days =>
        int.TryParse(DelayDays, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;

    /// <summary>A new step of a kind, as its button names it; null for a kind there is not.</summary>
    public static EditedStep? New(string kind, IReadOnlyList<EditedStep> others)
    {
        var key = Enumerable.Range(1, int.MaxValue).Select(number => $"new{number}")
            .First(name => others.All(other => other.Key != name));
        var step = new EditedStep
        {
            Key = key, DelayDays = others.Count == 0 ? "0" : UsualDelay, InWorkingDays = true,
        };
        EditedText[] text = [new("", "")];
        return kind switch
        {
            "email" => step with { Kind = StepKind.Email, Texts = text },
            "linkedin" => step with { Kind = StepKind.LinkedIn, Texts = text },
            "wait" => step with { Kind = StepKind.Wait, DelayDays = UsualDelay },
            "manual" => step with { Kind = StepKind.Manual, Manual = ManualKind.Call, Texts = text },
            "condition" => step with
            {
                Kind = StepKind.Condition, DelayDays = "0",
                Condition = new ConditionDraft { Test = ConditionTest.Opened, WindowDays = 3 },
            },
            _ => null,
        };
    }

    public static EditedStep Of(StepDraft step, int index) => new()
    {
        Id = step.Id, Kind = step.Kind, InWorkingDays = step.InWorkingDays, EndsHere = step.EndsHere,
        Key = step.Key ?? step.Id?.ToString(CultureInfo.InvariantCulture) ?? $"new{index + 1}",
        DelayDays = step.DelayDays.ToString(CultureInfo.InvariantCulture), Manual = step.Manual,
        Condition = step.Condition,
        Texts = [.. step.Variants.Select(text => new EditedText(text.Subject, text.Body)
            { Id = text.Id, Weight = text.Weight.ToString(CultureInfo.InvariantCulture) })],
    };

    public static EditedStep Read(IFormCollection form, int index, int mostTexts)
    {
        var p = $"s{index}_";
        var kind = Chosen(form[p + "kind"], StepKind.Email);
        return new EditedStep
        {
            Id = Id64(form[p + "id"]), Key = form[p + "key"].ToString(), Kind = kind,
            DelayDays = form[p + "delay"].ToString().Trim(),
            InWorkingDays = form[p + "unit"] == "working", EndsHere = form.ContainsKey(p + "ends"),
            Manual = kind == StepKind.Manual ? Chosen(form[p + "manual"], ManualKind.Other) : null,
            Condition = kind == StepKind.Condition ? ReadCondition(form, p) : null,
            Texts = [.. Enumerable.Range(0, Count(form, p + "texts", mostTexts)).Select(text => new EditedText(
                form[$"{p}t{text}_subject"].ToString(),
                // A browser posts line ends as CR LF; the text is kept with LF.
                form[$"{p}t{text}_body"].ToString().ReplaceLineEndings("\n"))
            {
                Id = Id64(form[$"{p}t{text}_id"]), Weight = form[$"{p}t{text}_weight"].ToString(),
            })],
        };
    }

    public StepDraft Draft() => new()
    {
        Id = Id, Key = Key.Length > 0 ? Key : null, Kind = Kind, DelayDays = Days ?? 0,
        InWorkingDays = InWorkingDays, EndsHere = EndsHere, Manual = Manual, Condition = Condition,
        Variants = [.. Texts.Select(text => new VariantDraft(text.Subject, text.Body)
        {
            Id = text.Id,
            Weight = int.TryParse(
                text.Weight, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? weight : 1,
        })],
    };

    internal static int Count(IFormCollection form, string name, int most) =>
        int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Min(count, most) : 0;

    internal static T Chosen<T>(string? text, T otherwise) where T : struct, Enum =>
        Enum.TryParse<T>(text?.Replace("_", "", StringComparison.Ordinal), true, out var chosen)
            && Enum.IsDefined(chosen) ? chosen : otherwise;

    static ConditionDraft ReadCondition(IFormCollection form, string p)
    {
        var test = Chosen(form[p + "test"], ConditionTest.Replied);
        return new ConditionDraft
        {
            Test = test, Field = test == ConditionTest.Field ? form[p + "field"].ToString() : null,
            Operator = test == ConditionTest.Field ? Chosen(form[p + "operator"], FieldOperator.Is) : null,
            Value = test switch
            {
                ConditionTest.Field => form[p + "value"].ToString().Trim(),
                ConditionTest.Intent => form[p + "intent"].ToString(),
                _ => null,
            },
            WindowDays = int.TryParse(
                form[p + "window"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : 0,
            Yes = Blank(form[p + "yes"]), No = Blank(form[p + "no"]),
        };
    }

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    static long? Id64(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
