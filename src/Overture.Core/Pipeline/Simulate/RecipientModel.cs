namespace Overture.Core.Pipeline;

/// <summary>How a message is answered by somebody who exists in the model only.</summary>
public enum Reaction
{
    Silence,
    Reply,
    Bounce,
    OutOfOffice,
    Unsubscribe,
}

/// <summary>
/// The people written to in a simulation: what share of messages is answered how. The same seed makes the
/// same people answer the same way after the same time.
/// </summary>
public sealed record RecipientModel
{
    const int BouncesWithinSeconds = 120;
    const int AbsenceToldWithinSeconds = 300;
    const int AnswersWithinHours = 72;

    public long Seed { get; init; } = 1;
    public double Reply { get; init; }
    public double Bounce { get; init; }
    public double OutOfOffice { get; init; }
    public double Unsubscribe { get; init; }

    /// <summary>True when the shares are shares and leave none over.</summary>
    public bool IsPossible =>
        Reply >= 0 && Bounce >= 0 && OutOfOffice >= 0 && Unsubscribe >= 0
        && Reply + Bounce + OutOfOffice + Unsubscribe <= 1;

    /// <summary>What comes back for one message, and how long after it.</summary>
    public (Reaction Reaction, TimeSpan After) To(long contactId, long stepId)
    {
        var draw = Jitter.Of(contactId + (Seed << 20), stepId);
        var delay = Jitter.Of(stepId, contactId + (Seed << 20));
        if ((draw -= Bounce) < 0)
            return (Reaction.Bounce, TimeSpan.FromSeconds(delay * BouncesWithinSeconds));
        if ((draw -= OutOfOffice) < 0)
            return (Reaction.OutOfOffice, TimeSpan.FromSeconds(delay * AbsenceToldWithinSeconds));
        if ((draw -= Unsubscribe) < 0)
            return (Reaction.Unsubscribe, TimeSpan.FromHours(delay * AnswersWithinHours));
        // Most answer soon and some late.
        return draw - Reply < 0
            ? (Reaction.Reply, TimeSpan.FromHours(delay * delay * AnswersWithinHours))
            : (Reaction.Silence, TimeSpan.Zero);
    }
}
