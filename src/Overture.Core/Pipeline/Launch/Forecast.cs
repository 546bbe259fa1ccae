using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>What one day is likely to see.</summary>
public sealed record ForecastDay(DateOnly Day, long FirstMessages, long FollowUps)
{
    public long Total => FirstMessages + FollowUps;
}

/// <summary>How a campaign is likely to go if nobody answers.</summary>
public sealed record Forecast
{
    public required IReadOnlyList<ForecastDay> Days { get; init; }

    /// <summary>What its senders can send on the first working day, and at their full limits.</summary>
    public required long CapacityNow { get; init; }

    public required long CapacityAtFull { get; init; }
    public DateTime? FirstSendAt { get; init; }

    /// <summary>False when a year is not enough.</summary>
    public required bool IsComplete { get; init; }

    public DateOnly? LastDay => Days.Count > 0 ? Days[^1].Day : null;

    public long Total => Days.Sum(day => day.Total);
}

/// <summary>
/// So many people whose next message is that email of the sequence, due so many days from now.
/// </summary>
public sealed record PeopleUnderWay(int Email, int Days, DateTime DueAt, long Count);

/// <summary>What a forecast is made from.</summary>
public sealed record ForecastInput
{
    public required IReadOnlyList<(Mailbox Mailbox, SenderUse Use)> Senders { get; init; }

    /// <summary>People not enrolled yet, and those whose first message is still to be sent.</summary>
    public required long NewPeople { get; init; }

    /// <summary>Those who were sent a message before and are due another.</summary>
    public IReadOnlyList<PeopleUnderWay> UnderWay { get; init; } = [];

    /// <summary>
    /// Days between one message and the next; the first entry is the wait before the first.
    /// </summary>
    public required IReadOnlyList<int> Delays { get; init; }

    public int? NewPerDayLimit { get; init; }
    public required DateTime Now { get; init; }
}

/// <summary>
/// Plays the days through by their limits: follow-ups before new people, as the Send phase does. The
/// simulation knows the minute; this needs no copy and no run, and is right to the day while nothing else
/// uses the mailboxes.
/// </summary>
static class ForecastDays
{
    const int MostDays = 366;

    public static Forecast Of(ForecastInput input)
    {
        var senders = input.Senders;
        var today = DateOnly.FromDateTime(input.Now);
        var due = new long[input.Delays.Count + 1, MostDays + 1];
        var days = new List<ForecastDay>();
        var (newPeople, open) = (input.NewPeople, input.NewPeople * input.Delays.Count);
        foreach (var some in input.UnderWay.Where(one => one.Days < MostDays))
        {
            due[some.Email, some.Days] += some.Count;
            open += some.Count * (input.Delays.Count - some.Email);
        }

        var sentThisWeek = senders.Select(one => (long)one.Use.ThisWeek).ToArray();
        for (var number = 0; number < MostDays && open > 0; number++)
        {
            var day = today.AddDays(number);
            if (day.DayOfWeek == DayOfWeek.Monday) Array.Clear(sentThisWeek);
            var (room, first) = Room(senders, sentThisWeek, input.Now, number);
            var followUps = 0L;
            for (var step = input.Delays.Count - 1; step >= 0; step--)
            {
                var send = Math.Min(room, due[step, number]);
                (room, followUps) = (room - send, followUps + send);
                Schedule(due, input.Delays, step, number, send);
                due[step, number + 1] += due[step, number] - send;
            }

            var fresh = Math.Min(Math.Min(room, first), newPeople);
            if (input.NewPerDayLimit is { } limit) fresh = Math.Min(fresh, limit);
            newPeople -= fresh;
            Schedule(due, input.Delays, 0, number, fresh);
            open -= fresh + followUps;
            Count(senders, sentThisWeek, input.Now, number, fresh + followUps);
            if (fresh + followUps > 0) days.Add(new ForecastDay(day, fresh, followUps));
        }

        return new Forecast
        {
            Days = days, IsComplete = open == 0, CapacityNow = FirstCapacity(input, sentThisWeek),
            CapacityAtFull = senders.Sum(one => (long)one.Mailbox.DailyLimit),
            FirstSendAt = days.Count == 0 ? null : senders
                .Select(one => one.Mailbox.Window.NextOpening(FirstDue(input))).Min(),
        };
    }

    static DateTime FirstDue(ForecastInput input) => input.NewPeople > 0 || input.UnderWay.Count == 0
        ? input.Now
        : input.UnderWay.Min(one => one.DueAt) is var due && due > input.Now ? due : input.Now;

    /// <summary>
    /// How many messages the senders have room for that day, and how many first ones of them.
    /// </summary>
    static (long All, long First) Room(
        IReadOnlyList<(Mailbox Mailbox, SenderUse Use)> senders, long[] sentThisWeek, DateTime now,
        int number)
    {
        var (all, first) = (0L, 0L);
        foreach (var (index, one) in senders.Index())
        {
            var room = Math.Max(0, RoomOf(one.Mailbox, one.Use, sentThisWeek[index], now, number));
            all += room;
            first += Math.Min(
                room,
                one.Mailbox.FirstTouchLimit is { } limit
                    ? Math.Max(0, limit - (number == 0 ? one.Use.FirstTouchesToday : 0)) : room);
        }

        return (all, first);
    }

    static long RoomOf(Mailbox mailbox, SenderUse use, long sentThisWeek, DateTime now, int number)
    {
        var at = now.AddDays(number);
        var day = mailbox.Window.LocalTime(at);
        if (!mailbox.WorkingDays.Contains(day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek))
            return 0;
        var since = use.FirstSentAt is { } first ? mailbox.Window.DaysBetween(first, at) : number;
        var allowed = Math.Min(
            mailbox.AllowanceOn(since) - (number == 0 ? use.Today : 0), mailbox.WeeklyLimit - sentThisWeek);
        if (mailbox.MinGapSeconds == 0) return allowed;
        // Where the gap rules, it is one and a half times as long on average.
        var open = number > 0 ? mailbox.Window.Length
            : mailbox.Window.ClosesAfter(now) is { } closes ? closes - now : TimeSpan.Zero;
        return Math.Min(allowed, (long)(open.TotalSeconds / mailbox.MinGapSeconds));
    }

    static void Schedule(long[,] due, IReadOnlyList<int> delays, int step, int number, long sent)
    {
        if (sent == 0 || step + 1 >= delays.Count) return;
        var next = number + Math.Max(1, delays[step + 1]);
        if (next <= MostDays) due[step + 1, next] += sent;
    }

    /// <summary>Shares what was sent among the senders by their room, for the weekly limits.</summary>
    static void Count(
        IReadOnlyList<(Mailbox Mailbox, SenderUse Use)> senders, long[] sentThisWeek, DateTime now,
        int number, long sent)
    {
        foreach (var (index, one) in senders.Index())
        {
            var share = Math.Min(
                sent, Math.Max(0, RoomOf(one.Mailbox, one.Use, sentThisWeek[index], now, number)));
            sentThisWeek[index] += share;
            sent -= share;
        }
    }

    static long FirstCapacity(ForecastInput input, long[] sentThisWeek)
    {
        Array.Clear(sentThisWeek);
        for (var number = 0; number < 7; number++)
            if (Room(input.Senders, sentThisWeek, input.Now, number).All is var room and > 0) return room;
        return 0;
    }
}
