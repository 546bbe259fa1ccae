using Overture.Core.Model;

namespace Overture.Server.Web;

/// <summary>Steps, questions and intents as a person reads them.</summary>
static class StepWords
{
    public static IReadOnlyList<StepKind> Kinds { get; } = Enum.GetValues<StepKind>();

    public static IReadOnlyList<(ConditionTest Test, string Words)> Tests { get; } =
    [
        (ConditionTest.Replied, "has replied"), (ConditionTest.Opened, "has opened the last email"),
        (ConditionTest.Clicked, "has clicked in the last email"), (ConditionTest.Intent, "has sent a reply"),
        (ConditionTest.Field, "has a field"),
    ];

    public static IReadOnlyList<(FieldOperator Operator, string Words)> Operators { get; } =
    [
        (FieldOperator.Is, "is"), (FieldOperator.IsNot, "is not"), (FieldOperator.Contains, "contains"),
        (FieldOperator.IsKnown, "is known"), (FieldOperator.IsUnknown, "is not known"),
        (FieldOperator.AtLeast, "is at least"), (FieldOperator.AtMost, "is at most"),
    ];

    public static IReadOnlyList<string> Intents { get; } =
        ["positive", "question", "neutral", "referral", "negative", "refusal", "wrong_person"];

    public static string Of(StepKind kind) => kind switch
    {
        StepKind.Email => "email",
        StepKind.LinkedIn => "LinkedIn message",
        StepKind.Wait => "wait",
        StepKind.Condition => "condition",
        _ => "task",
    };

    public static string Icon(StepKind kind) => kind switch
    {
        StepKind.Email => "mail",
        StepKind.LinkedIn => "brand-linkedin",
        StepKind.Wait => "clock",
        StepKind.Condition => "filter",
        _ => "list-check",
    };

    /// <summary>The wait before a step, as in “3 working days”.</summary>
    public static string Delay(Step step) => step.DelayDays == 0 ? "at once"
        : Words.Many(step.DelayDays, step.InWorkingDays ? "working day" : "day");
}
