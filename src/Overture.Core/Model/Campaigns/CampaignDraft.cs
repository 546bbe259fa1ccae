namespace Overture.Core.Model;

/// <summary>A campaign as a person writes it: everything at once, checked before anything is kept.</summary>
public sealed record CampaignDraft
{
    /// <summary>What cold outreach bears: enough to learn from, too few to burn a domain.</summary>
    public const int UsualNewPerDay = 45;

    public required string Name { get; init; }
    public string Goal { get; init; } = "";
    public long? MailboxId { get; init; }
    public LeadFilter Audience { get; init; } = new();

    /// <summary>A named audience; when given, it is read instead of <see cref="Audience"/>.</summary>
    public long? SegmentId { get; init; }

    public bool StopOnReply { get; init; } = true;
    public bool StopOnCompanyReply { get; init; } = true;

    /// <summary>Also for a bounce that may pass; one for good always ends the sequence.</summary>
    public bool StopOnBounce { get; init; }

    public bool AllowsOverlap { get; init; }
    public int? NewPerDayLimit { get; init; } = UsualNewPerDay;
    public OnUncertain OnUncertain { get; init; } = OnUncertain.AssumeSent;
    public bool ApprovesEach { get; init; }
    public IReadOnlyList<StepDraft> Steps { get; init; } = [];
}

/// <summary>A step as it is written: with its id it is the one that is there already.</summary>
public sealed record StepDraft
{
    public long? Id { get; init; }

    /// <summary>How branches of this draft name the step; its id when left out.</summary>
    public string? Key { get; init; }

    public StepKind Kind { get; init; } = StepKind.Email;
    public int DelayDays { get; init; }
    public bool InWorkingDays { get; init; }
    public ManualKind? Manual { get; init; }
    public bool EndsHere { get; init; }
    public ConditionDraft? Condition { get; init; }
    public IReadOnlyList<VariantDraft> Variants { get; init; } = [];

    /// <summary>The name that a branch uses; empty when nothing can name it.</summary>
    internal string Name =>
        Key ?? Id?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A question as it is written; Yes and No name steps further down, null ends.</summary>
public sealed record ConditionDraft
{
    public ConditionTest Test { get; init; } = ConditionTest.Replied;
    public string? Field { get; init; }
    public FieldOperator? Operator { get; init; }
    public string? Value { get; init; }
    public int WindowDays { get; init; }
    public string? Yes { get; init; }
    public string? No { get; init; }
}

public sealed record VariantDraft(string Subject, string Body)
{
    /// <summary>With its id it is the wording that is there already.</summary>
    public long? Id { get; init; }

    public int Weight { get; init; } = 1;
}
