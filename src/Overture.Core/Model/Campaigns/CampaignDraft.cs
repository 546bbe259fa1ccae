namespace Overture.Core.Model;

/// <summary>A campaign as a person writes it: everything at once, checked before anything is kept.</summary>
public sealed record CampaignDraft
{
    public required string Name { get; init; }
    public string Goal { get; init; } = "";
    public long? MailboxId { get; init; }
    public LeadFilter Audience { get; init; } = new();
    public IReadOnlyList<StepDraft> Steps { get; init; } = [];
}

public sealed record StepDraft
{
    public Channel Channel { get; init; } = Channel.Email;
    public int DelayDays { get; init; }
    public IReadOnlyList<VariantDraft> Variants { get; init; } = [];
}

public sealed record VariantDraft(string Subject, string Body);
