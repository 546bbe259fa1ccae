using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// The rules, windows and paces themselves over made-up mailboxes and people, with a clock that jumps: two
/// thousand seeds here, more by scripts/promise. A seed that fails is printed and plays again the same.
/// </summary>
[Trait("Promise", "R16")]
public sealed class SchedulingSeedsTests
{
    const int Seeds = 2_000;
    const int MostMoments = 20_000;
    static readonly DateTime From = new(2026, 3, 20, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Clocks change within these days in some of the zones.</summary>
    static readonly TimeSpan Run = TimeSpan.FromDays(60);

    static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
            "Pacific/Chatham"];

    [Fact]
    public void No_seed_breaks_a_limit_leaves_a_window_or_loses_anybody()
    {
        var seeds = PromiseReport.Size("R16", Seeds);
        var broken = new System.Collections.Concurrent.ConcurrentBag<string>();
        var sent = 0L;
        Parallel.For(0, seeds, seed =>
        {
            var story = new Story(seed);
            foreach (var problem in story.Tell()) broken.Add($"seed {seed}: {problem}");
            Interlocked.Add(ref sent, story.Sent.Count);
            if (seed % 100 == 0 && !story.Sent.SequenceEqual(Again(seed)))
                broken.Add($"seed {seed}: told otherwise");
        });
        Assert.True(broken.IsEmpty, string.Join('\n', broken.Take(10)));
        PromiseReport.Say($"R16 seeds {seeds} messages {sent} broken {broken.Count}");
        Assert.True(sent > seeds);
    }

    [Fact]
    public void Without_the_gap_rule_the_same_check_finds_what_is_wrong() =>
        Assert.Contains(
            Enumerable.Range(0, 50)
                .SelectMany(seed => new Story(seed) { Leaves = typeof(KeepsTheGap) }.Tell()),
            problem => problem.Contains("gap", StringComparison.Ordinal));

    static IReadOnlyList<(DateTime At, int Person)> Again(int seed)
    {
        var story = new Story(seed);
        _ = story.Tell().Count();
        return story.Sent;
    }

    sealed class Story
    {
        readonly Mailbox mailbox;
        readonly List<(RecipientPlace Place, string Domain)> people;
        readonly List<string> holidays;

        public Story(int seed)
        {
            // The seed is the point: the same one must play the same again.
            var random = new Random(seed);
            var opens = random.Next(0, 18);
            mailbox = new Mailbox
            {
                Id = seed, Address = "ada@overture.example", FromName = "Ada", State = MailboxState.Connected,
                SmtpHost = "localhost", TimeZone = Zones[random.Next(Zones.Length)],
                WindowOpens = new TimeOnly(opens, random.Next(4) * 15),
                WindowCloses = new TimeOnly(random.Next(opens + 2, 24), 59),
                WorkingDays = [.. Enumerable.Range(1, 7).Where(day => day == 1 || random.Next(3) > 0)],
                PerMinuteLimit = random.Next(1, 10), DailyLimit = random.Next(3, 40),
                WeeklyLimit = random.Next(10, 120), MinGapSeconds = random.Next(3) * 300,
                RampStart = random.Next(1, 8), RampStep = random.Next(2) == 0 ? null : random.Next(1, 5),
                FirstTouchLimit = random.Next(2) == 0 ? null : random.Next(1, 20),
                DomainLimit = random.Next(2) == 0 ? null : random.Next(1, 10),
                WindowZone = random.Next(2) == 0 ? WindowZone.Mailbox : WindowZone.Recipient,
            };
            people =
            [
                .. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (
                    new RecipientPlace(Zones[random.Next(Zones.Length)], random.Next(2) == 0 ? "DE" : null),
                    $"client{random.Next(5)}.example")),
            ];
            holidays = [.. Enumerable.Range(0, random.Next(4)).Select(_ =>
                (random.Next(2) == 0 ? "DE" : "") + $" {From.AddDays(random.Next(60)):yyyy-MM-dd}")];
        }

        /// <summary>A rule that is left out, to show that the check sees it.</summary>
        public Type? Leaves { get; init; }

        public List<(DateTime At, int Person)> Sent { get; } = [];

        /// <summary>Plays the story and names everything that went wrong.</summary>
        public IEnumerable<string> Tell()
        {
            var due = Enumerable.Repeat(From, people.Count).ToArray();
            var now = From;
            for (var moment = 0; now < From + Run; moment++)
            {
                if (moment > MostMoments) return ["it does not come to rest"];
                var next = DateTime.MaxValue;
                for (var person = 0; person < people.Count; person++)
                {
                    if (due[person] == DateTime.MaxValue) continue;
                    if (due[person] <= now)
                    {
                        var blockers = Against(person, now);
                        if (blockers.Count == 0)
                        {
                            Sent.Add((now, person));
                            due[person] = DateTime.MaxValue;
                            continue;
                        }

                        if (blockers.Any(blocker => blocker.Until is null || blocker.Until <= now))
                            return [$"{blockers[0].Code} never ends"];
                        due[person] = blockers[0].Until!.Value;
                    }

                    if (due[person] < next) next = due[person];
                }

                if (next == DateTime.MaxValue) break;
                now = next;
            }

            return Check();
        }

        IReadOnlyList<Blocker> Against(int person, DateTime now)
        {
            var situation = new SendingSituation
            {
                Now = now, Mailbox = mailbox, Use = UseAt(now, Sent), Holidays = holidays,
                Workspace = new Workspace
                {
                    Id = 1, Name = "Test", TimeZone = "UTC", DryRun = false,
                    EnrichmentMode = EnrichmentMode.Offline, CreatedAt = new DateTimeOffset(From),
                },
                RecipientDomain = people[person].Domain, IsFirstTouch = true, Place = people[person].Place,
            };
            return [.. SendingRule.All.Where(rule => rule.GetType() != Leaves)
                .Select(rule => rule.Check(situation)).OfType<Blocker>()];
        }

        SenderUse UseAt(DateTime now, IReadOnlyList<(DateTime At, int Person)> sent)
        {
            var (day, week) = mailbox.Window.CountingStarts(now);
            var today = sent.Where(one => one.At >= day).ToList();
            return new SenderUse
            {
                ThisMinute = sent.Count(one => one.At > now.AddMinutes(-1)), Today = today.Count,
                ThisWeek = sent.Count(one => one.At >= week), FirstTouchesToday = today.Count,
                TodayByDomain = today.GroupBy(one => people[one.Person].Domain)
                    .ToDictionary(group => group.Key, group => group.Count()),
                FirstSentAt = sent.Count == 0 ? null : sent[0].At,
                Last = sent.Count == 0 ? null : new LastSend(sent[^1].At, sent[^1].Person, 1),
            };
        }

        /// <summary>Looks at what left with other eyes than the rules did.</summary>
        IEnumerable<string> Check()
        {
            if (Sent.Select(one => one.Person).Distinct().Count() != Sent.Count)
                yield return "somebody was sent twice";
            foreach (var day in Sent.GroupBy(one => DateOnly.FromDateTime(mailbox.Window.LocalTime(one.At))))
                if (day.Count() > mailbox.DailyLimit) yield return $"{day.Count()} left on {day.Key}";
            foreach (var (at, person) in Sent)
            {
                var zone = mailbox.WindowZone == WindowZone.Recipient
                    ? people[person].Place.TimeZone! : mailbox.TimeZone;
                var window = mailbox.Window with { TimeZone = zone };
                var local = window.LocalTime(at);
                // Once open, it stays open while the clock shows the same hour again.
                if (local - window.LocalTime(at.AddHours(-1)) < TimeSpan.FromHours(1)) continue;
                var time = TimeOnly.FromDateTime(local);
                if (time < mailbox.WindowOpens || time >= mailbox.WindowCloses
                    || !mailbox.WorkingDays.Contains(
                        local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek))
                    yield return $"one left at {local:ddd HH:mm} in {zone}";
                var date = $"{local:yyyy-MM-dd}";
                if (holidays.Contains(" " + date)
                    || (people[person].Place.Country == "DE" && holidays.Contains("DE " + date)))
                    yield return $"one left on the holiday {date}";
            }

            foreach (var (earlier, later) in Sent.Zip(Sent.Skip(1)))
                if (later.At - earlier.At < TimeSpan.FromSeconds(mailbox.MinGapSeconds))
                    yield return $"the gap at {later.At:O} is {later.At - earlier.At}";
        }
    }
}
