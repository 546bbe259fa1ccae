using Overture.Ranking.Labels;

namespace Overture.Ranking.Tests.Labels;

public class AnswerLabelsTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 15, 9, 0, 0, TimeSpan.Zero);

    static TouchRecord Sent(double daysAgo, TouchAnswer answer = TouchAnswer.Silence,
        double? afterDays = null) =>
        new("lead", Now.AddDays(-daysAgo), answer, afterDays is { } d ? Now.AddDays(d - daysAgo) : null);

    static bool? Label(params TouchRecord[] touches) => AnswerLabels.Of(touches, Now)[0].IsYes;

    [Fact]
    public void A_request_sent_an_hour_ago_has_no_label()
    {
        Assert.Null(Label(Sent(1 / 24.0)));
        // The source system counted every request without an answer as a no.
        Assert.False(Sent(1 / 24.0).Answer is TouchAnswer.Accepted);
    }

    [Theory]
    [InlineData(20.9, null)]
    [InlineData(21.1, false)]
    public void Silence_is_a_no_after_three_weeks_while_answer_times_are_unknown(double days, bool? label) =>
        Assert.Equal(label, Label(Sent(days)));

    [Theory]
    [InlineData(TouchAnswer.Accepted, true)]
    [InlineData(TouchAnswer.Replied, true)]
    [InlineData(TouchAnswer.Refused, false)]
    [InlineData(TouchAnswer.Bounced, null)]
    [InlineData(TouchAnswer.NotDelivered, null)]
    [InlineData(TouchAnswer.AutoReplied, null)]
    public void Each_answer_has_its_label(TouchAnswer answer, bool? label) =>
        Assert.Equal(label, Label(Sent(5, answer, 1)));

    [Fact]
    public void A_bounce_is_no_label_however_old() => Assert.Null(Label(Sent(400, TouchAnswer.Bounced, 1)));

    [Fact]
    public void The_account_s_own_median_answer_time_takes_over_once_there_are_enough_answers()
    {
        var history = Enumerable.Range(0, 21).Select(i => Sent(60, TouchAnswer.Accepted, 1 + (i / 4.0)))
            .ToList();
        Assert.Equal(TimeSpan.FromDays(3.5), AnswerLabels.WindowOf(history, Now));
        Assert.False(Label([Sent(4), .. history]));
        Assert.Null(Label([Sent(3), .. history]));
        Assert.Equal(AnswerLabels.DefaultWindow, AnswerLabels.WindowOf(history[..9], Now));
    }

    [Fact]
    public void Quick_answers_to_young_touches_do_not_shorten_the_window()
    {
        var young = Enumerable.Range(0, 100).Select(_ => Sent(1, TouchAnswer.Accepted, 0.1));
        Assert.Equal(AnswerLabels.DefaultWindow, AnswerLabels.WindowOf([.. young], Now));
    }

    [Fact]
    public void Every_label_has_a_reason() =>
        Assert.Equal("silent, but for less than 21 days", AnswerLabels.Of([Sent(1)], Now)[0].Reason);
}
