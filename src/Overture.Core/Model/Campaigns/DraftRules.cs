using System.Globalization;

namespace Overture.Core.Model;

/// <summary>
/// What a draft must keep to before any of it is stored. Branches lead only downwards, so no sequence loops.
/// </summary>
sealed class DraftRules(ITemplateCheck templates)
{
    public const int MaxSteps = 50;
    public const int MaxVariants = 5;
    public const int LongestDelayDays = 365;
    const int LongestName = 200;
    const int LargestWeight = 100;
    const int MostNewPerDay = 1_000_000;

    public void Check(CampaignDraft draft)
    {
        if (draft.Name.Trim().Length is 0 or > LongestName)
            throw new RuleBroken(
                "campaign_name_missing", $"Give the campaign a name of at most {LongestName} characters.",
                "name");
        if (draft.NewPerDayLimit is < 1 or > MostNewPerDay)
            throw new RuleBroken(
                "bad_new_per_day", "At least one new contact a day, or no limit at all.",
                "new_per_day_limit");
        if (draft.Steps.Count > MaxSteps)
            throw new RuleBroken("too_many_steps", $"A sequence has at most {MaxSteps} steps.", "steps");
        var names = draft.Steps.Select(step => step.Name).Where(name => name.Length > 0).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new RuleBroken("step_named_twice", "Two steps have the same id or key.", "steps");
        foreach (var (index, step) in draft.Steps.Index()) Check(draft.Steps, step, index);
    }

    void Check(IReadOnlyList<StepDraft> steps, StepDraft step, int index)
    {
        if (step.DelayDays is < 0 or > LongestDelayDays)
            throw new RuleBroken(
                "bad_delay", $"Step {index + 1} may wait 0 to {LongestDelayDays} days.",
                $"steps/{index}/delay_days");
        if (step.Kind == StepKind.Wait && step.DelayDays == 0)
            throw new RuleBroken(
                "bad_delay", $"Step {index + 1} waits, so it needs at least one day.",
                $"steps/{index}/delay_days");
        CheckTexts(step, index);
        if (step.Kind == StepKind.Manual != step.Manual is not null)
            throw new RuleBroken(
                "bad_manual_step", $"Step {index + 1}: exactly a manual step says what a person has to do.",
                $"steps/{index}/manual");
        if (step.Kind == StepKind.Condition != step.Condition is not null)
            throw new RuleBroken(
                "bad_condition", $"Step {index + 1}: exactly a condition asks a question.",
                $"steps/{index}/condition");
        if (step.Condition is { } condition) CheckCondition(steps, condition, index);
    }

    void CheckTexts(StepDraft step, int index)
    {
        var most = step.Kind switch
        {
            StepKind.Email or StepKind.LinkedIn => MaxVariants,
            StepKind.Manual => 1,
            _ => 0,
        };
        if (step.Variants.Count > most || (most > 0 && step.Variants.Count == 0))
            throw new RuleBroken(
                "bad_variants",
                most == 0 ? $"Step {index + 1} writes nothing, so it has no text."
                    : most == 1 ? $"Step {index + 1} needs one text: what there is to do."
                    : $"Step {index + 1} needs one to {most} texts.",
                $"steps/{index}/variants");
        if (step.Variants.Any(text => text.Weight is < 0 or > LargestWeight)
            || (most > 0 && step.Variants.All(text => text.Weight == 0)))
            throw new RuleBroken(
                "bad_weights",
                $"Step {index + 1}: a text's share is 0 to {LargestWeight}, and one of them is more than 0.",
                $"steps/{index}/variants");
        foreach (var (at, text) in step.Variants.Index())
            Placed(
                () => templates.Check(step.Kind, text.Subject, text.Body), index,
                $"steps/{index}/variants/{at}");
    }

    void CheckCondition(IReadOnlyList<StepDraft> steps, ConditionDraft condition, int index)
    {
        var place = $"steps/{index}/condition";
        if (condition.WindowDays is < 0 or > StepCondition.LongestWindowDays)
            throw new RuleBroken(
                "bad_window",
                $"Step {index + 1} may wait 0 to {StepCondition.LongestWindowDays} days for its answer.",
                place);
        if (condition.Test == ConditionTest.Intent && string.IsNullOrWhiteSpace(condition.Value))
            throw new RuleBroken(
                "bad_condition", $"Step {index + 1}: say which intent, such as positive.", place);
        if (condition.Test == ConditionTest.Field) CheckField(condition, index, place);
        foreach (var (way, name) in new[] { ("yes", condition.Yes), ("no", condition.No) })
            if (name is not null && !steps.Skip(index + 1).Any(later => later.Name == name))
                throw new RuleBroken(
                    "branch_leads_nowhere",
                    $"Step {index + 1}: its {way} must lead to a step further down, or end.",
                    $"{place}/{way}");
    }

    void CheckField(ConditionDraft condition, int index, string place)
    {
        Placed(() => templates.CheckField(condition.Field ?? ""), index, place);
        if (condition.Operator is not { } compare)
            throw new RuleBroken("bad_condition", $"Step {index + 1}: say how to compare.", place);
        if (compare is FieldOperator.IsKnown or FieldOperator.IsUnknown) return;
        if (string.IsNullOrWhiteSpace(condition.Value))
            throw new RuleBroken("bad_condition", $"Step {index + 1}: say what to compare with.", place);
        if (compare is FieldOperator.AtLeast or FieldOperator.AtMost && !decimal.TryParse(
            condition.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
            throw new RuleBroken(
                "bad_condition", $"Step {index + 1}: “{condition.Value}” is not a number.", place);
    }

    // A text is checked without knowing where it stands.
    static void Placed(Action check, int index, string place)
    {
        try
        {
            check();
        }
        catch (RuleBroken broken)
        {
            throw new RuleBroken(
                broken.Code, $"Step {index + 1}: {broken.Sentence}",
                broken.Pointer is { } part ? $"{place}/{part}" : place);
        }
    }
}

/// <summary>Refuses a text that could never be rendered; the Compose phase knows how.</summary>
public interface ITemplateCheck
{
    /// <summary>Throws <see cref="RuleBroken"/> for an unknown field or a broken text.</summary>
    void Check(StepKind kind, string subject, string body);

    /// <summary>Throws <see cref="RuleBroken"/> for a field that no condition can ask about.</summary>
    void CheckField(string field);
}
