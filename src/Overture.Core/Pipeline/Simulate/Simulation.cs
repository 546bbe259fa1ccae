using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What to simulate: from when, for how long, with which people.</summary>
public sealed record SimulationPlan
{
    public const int MostDays = 366;

    /// <summary>Now, where none is given.</summary>
    public DateTime? From { get; init; }

    public int Days { get; init; } = 30;
    public RecipientModel Recipients { get; init; } = new();
}

/// <summary>One message that would leave.</summary>
public sealed record SimulatedSend(
    DateTime At, string Mailbox, string To, long ContactId, long StepId, int Position, string Subject);

/// <summary>A limit, a window or another rule that held mail back, and until when.</summary>
public sealed record SimulatedLimit(
    DateTime At, string Mailbox, string Code, string Sentence, DateTime? Until, long HeldUp);

/// <summary>Something that came back from a modelled recipient.</summary>
public sealed record SimulatedReaction(DateTime At, string From, Reaction Reaction);

/// <summary>Everything that would happen, in order.</summary>
public sealed record Simulation
{
    public required DateTime From { get; init; }
    public required DateTime Until { get; init; }
    public required IReadOnlyList<SimulatedSend> Sends { get; init; }
    public required IReadOnlyList<SimulatedLimit> Limits { get; init; }
    public required IReadOnlyList<SimulatedReaction> Reactions { get; init; }

    /// <summary>Messages of other campaigns that left from the same mailboxes meanwhile.</summary>
    public required int SentForOthers { get; init; }

    /// <summary>What is assumed although it is not so now, in words.</summary>
    public required IReadOnlyList<string> Assumed { get; init; }

    /// <summary>Enrollments by what became of them, such as active or completed.</summary>
    public required IReadOnlyDictionary<string, long> Enrollments { get; init; }

    public DateTime? FirstSendAt => Sends.Count > 0 ? Sends[0].At : null;

    public DateTime? LastSendAt => Sends.Count > 0 ? Sends[^1].At : null;
}
