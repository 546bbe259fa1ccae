using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What a condition can compare: every merge field, and the lead's score.</summary>
public static class ConditionFields
{
    public const string Score = "score";

    public static IReadOnlyList<string> Known { get; } = [.. MergeFields.Known.Keys, Score];
}

/// <summary>Answers the question of a condition for one enrollment.</summary>
static class ConditionAnswer
{
    /// <summary>Yes, no, or null while the window is open and the answer may still come.</summary>
    public static async Task<bool?> For(
        Session session, StepCondition condition, Enrollment enrollment,
        IReadOnlyDictionary<string, object> fields, decimal? score, DateTime now, CancellationToken cancel)
    {
        if (condition.Test == ConditionTest.Field) return Compare(condition, fields, score);
        var kind = condition.Test switch
        {
            ConditionTest.Opened => "opened",
            ConditionTest.Clicked => "clicked",
            _ => "replied",
        };
        var intent = condition.Test == ConditionTest.Intent ? condition.Value : null;
        if (await EnrollmentStore.HasHappened(session, enrollment.Id, kind, intent, cancel)) return true;
        return now >= Until(condition, enrollment, now) ? false : null;
    }

    /// <summary>When the window closes.</summary>
    public static DateTime Until(StepCondition condition, Enrollment enrollment, DateTime now) =>
        (enrollment.WaitsSince ?? now).AddDays(condition.WindowDays);

    static bool Compare(
        StepCondition condition, IReadOnlyDictionary<string, object> fields, decimal? score)
    {
        var value = condition.Field == ConditionFields.Score
            ? score?.ToString(CultureInfo.InvariantCulture)
            : fields.GetValueOrDefault(condition.Field ?? "") as string;
        var wanted = condition.Value ?? "";
        return condition.Operator switch
        {
            FieldOperator.IsKnown => value is not null,
            FieldOperator.IsUnknown => value is null,
            FieldOperator.IsNot => !string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase),
            FieldOperator.Contains => value?.Contains(wanted, StringComparison.OrdinalIgnoreCase) == true,
            FieldOperator.AtLeast => Number(value) >= Number(wanted),
            FieldOperator.AtMost => Number(value) <= Number(wanted),
            _ => string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase),
        };
    }

    // Without a number on both sides neither comparison holds.
    static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
