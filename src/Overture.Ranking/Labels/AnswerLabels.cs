namespace Overture.Ranking.Labels;

/// <summary>What came back after a first touch.</summary>
public enum TouchAnswer
{
    /// <summary>Nothing yet.</summary>
    Silence,

    /// <summary>The invitation was accepted.</summary>
    Accepted,

    /// <summary>A reply that is neither automatic nor a refusal.</summary>
    Replied,

    /// <summary>A no: declined, not interested, unsubscribed, complained.</summary>
    Refused,

    /// <summary>Only a machine answered: out of office, acknowledgement.</summary>
    AutoReplied,

    /// <summary>It came back undelivered.</summary>
    Bounced,

    /// <summary>It never left, or nobody knows whether it did.</summary>
    NotDelivered,
}

/// <summary>A first touch and what came of it.</summary>
/// <param name="LeadId">Whose.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Answer">What came back.</param>
/// <param name="AnsweredAt">When; null while nothing came.</param>
public sealed record TouchRecord(string LeadId, DateTimeOffset SentAt, TouchAnswer Answer,
    DateTimeOffset? AnsweredAt);

/// <summary>A label: true = yes, false = no, null = none yet or never, and why.</summary>
public sealed record AnswerLabel(string LeadId, bool? IsYes, string Reason);

/// <summary>
/// Turns histories into labels. A touch sent an hour ago has no answer yet, which says nothing: silence
/// counts as a no only once most of those who answer would have answered.
/// </summary>
public static class AnswerLabels
{
    /// <summary>How long to wait while the account's own answer times are unknown.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(21);

    /// <summary>Fewer answers than this have no median worth trusting.</summary>
    public const int MinAnswersForMedian = 10;

    const int MediansOfAge = 3;

    static readonly TimeSpan youngest = TimeSpan.FromDays(7);

    /// <summary>However quick an account's contacts are, silence needs at least this long.</summary>
    static readonly TimeSpan shortestWindow = TimeSpan.FromDays(2);

    /// <summary>Labels of all touches as of a moment, in the order given.</summary>
    public static IReadOnlyList<AnswerLabel> Of(IReadOnlyList<TouchRecord> touches, DateTimeOffset now)
    {
        var window = WindowOf(touches, now);
        return [.. touches.Select(t => Of(t, now, window))];
    }

    /// <summary>
    /// The account's own median time to a yes, else 21 days. Among young touches the quick answers are the
    /// only ones there are, so only touches of at least a week and of at least three medians speak.
    /// </summary>
    public static TimeSpan WindowOf(IReadOnlyList<TouchRecord> touches, DateTimeOffset now)
    {
        var answered = touches
            .Where(t => t.Answer is TouchAnswer.Accepted or TouchAnswer.Replied && t.AnsweredAt >= t.SentAt)
            .OrderByDescending(t => now - t.SentAt).ToList();
        List<TimeSpan> times = [];
        TimeSpan? window = null;
        foreach (var touch in answered)
        {
            var age = now - touch.SentAt;
            if (age < youngest) break;
            // From the oldest to the youngest: the touches so far all had at least this age to be answered
            // in.
            var time = touch.AnsweredAt!.Value - touch.SentAt;
            var at = times.BinarySearch(time);
            times.Insert(at < 0 ? ~at : at, time);
            if (times.Count < MinAnswersForMedian) continue;
            var median = times[times.Count / 2];
            if (age < MediansOfAge * median) break;
            window = median;
        }

        if (window is not { } own) return DefaultWindow;
        return own < shortestWindow ? shortestWindow : own;
    }

    static AnswerLabel Of(TouchRecord touch, DateTimeOffset now, TimeSpan window) => touch.Answer switch
    {
        _ when touch.SentAt > now => new(touch.LeadId, null, "not sent yet"),
        TouchAnswer.Accepted => new(touch.LeadId, true, "accepted"),
        TouchAnswer.Replied => new(touch.LeadId, true, "replied"),
        TouchAnswer.Refused => new(touch.LeadId, false, "refused"),
        TouchAnswer.Bounced => new(touch.LeadId, null, "bounced: the person never saw it"),
        TouchAnswer.NotDelivered => new(touch.LeadId, null, "never delivered"),
        _ when now - touch.SentAt >= window =>
            new(touch.LeadId, false, $"silent for more than {window.TotalDays:0.#} days"),
        _ => new(touch.LeadId, null, $"silent, but for less than {window.TotalDays:0.#} days"),
    };
}
