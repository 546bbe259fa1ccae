namespace Overture.Core.Model;

public enum StepKind
{
    Email,
    LinkedIn,
    Wait,
    Condition,
    Manual,
}

/// <summary>What a condition asks.</summary>
public enum ConditionTest
{
    Replied,
    Opened,
    Clicked,
    Field,
    Intent,
}

/// <summary>How a condition compares a field with its value.</summary>
public enum FieldOperator
{
    Is,
    IsNot,
    Contains,
    IsKnown,
    IsUnknown,
    AtLeast,
    AtMost,
}

/// <summary>What a person is asked to do in a manual step.</summary>
public enum ManualKind
{
    Call,
    Other,
}

/// <summary>One place of a sequence: a touch, a wait, or a question that parts the ways.</summary>
public sealed record Step
{
    public long Id { get; init; }

    /// <summary>Its place in the order; 0 when it was removed and stays for its history only.</summary>
    public int Position { get; init; }

    public StepKind Kind { get; init; }

    /// <summary>How long after the step before, in days of the calendar or in working days.</summary>
    public int DelayDays { get; init; }

    public bool InWorkingDays { get; init; }
    public ManualKind? Manual { get; init; }

    /// <summary>After this step the sequence ends, whatever stands below it.</summary>
    public bool EndsHere { get; init; }

    /// <summary>Given exactly when the step is a condition.</summary>
    public StepCondition? Condition { get; init; }

    /// <summary>Where those go on who had reached a removed step; null ends.</summary>
    public long? FollowerId { get; init; }

    public bool IsRemoved => Position == 0;

    public IReadOnlyList<Variant> Variants { get; init; } = [];

    /// <summary>On which channel it writes; null when it writes nothing.</summary>
    public Channel? Channel => Kind switch
    {
        StepKind.Email => Model.Channel.Email,
        StepKind.LinkedIn => Model.Channel.LinkedIn,
        _ => null,
    };

    /// <summary>True when somebody is reached by it; waits and conditions reach nobody.</summary>
    public bool IsTouch => Kind is StepKind.Email or StepKind.LinkedIn or StepKind.Manual;
}

/// <summary>
/// A question and its two ways. It waits for a yes as long as its window; a null way ends the sequence.
/// </summary>
public sealed record StepCondition
{
    public const int LongestWindowDays = 60;

    public ConditionTest Test { get; init; }
    public string? Field { get; init; }
    public FieldOperator? Operator { get; init; }
    public string? Value { get; init; }
    public int WindowDays { get; init; }
    public long? YesStepId { get; init; }
    public long? NoStepId { get; init; }

    /// <summary>True when waiting can turn a no into a yes.</summary>
    public bool CanWait => Test != ConditionTest.Field;
}

/// <summary>One wording of a step.</summary>
public sealed record Variant
{
    public long Id { get; init; }
    public long StepId { get; init; }
    public required string Name { get; init; }
    public string Subject { get; init; } = "";
    public required string Body { get; init; }

    /// <summary>Its share against the other wordings of the step; 0 is not used any more.</summary>
    public int Weight { get; init; } = 1;
}
