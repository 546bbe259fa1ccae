using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class SimulateCampaignTests
{
    /// <summary>A Thursday afternoon: the run crosses a weekend.</summary>
    static readonly DateTimeOffset Start = new(2026, 3, 5, 14, 0, 0, TimeSpan.Zero);

    /// <summary>The real scheduler looks once a minute here, and some seconds late.</summary>
    static readonly TimeSpan Late = TimeSpan.FromSeconds(7);

    const int Days = 6;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_predicts_is_what_then_happens_to_the_minute()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Start));
        var campaign = await Prepare(test, sink);
        var predicted = await test.Get<SimulateCampaign>().Run(
            test.Id, campaign, new SimulationPlan { Days = Days }, Cancel);
        var time = (ManualTime)test.Time;
        var left = new List<string>();
        time.Advance(Late);
        for (var end = Start.AddDays(Days); time.GetUtcNow() < end; time.Advance(NextLook(time.GetUtcNow())))
        {
            await test.Get<EnrollAudience>().RunBatch(test.Id, Cancel);
            while (await test.Get<ComposeMessages>().RunBatch(test.Id, Cancel) > 0) { }
            var before = sink.Messages.Count;
            while (await test.Send() > 0) { }
            left.AddRange(sink.Messages.Skip(before).Select(message =>
                $"{time.GetUtcNow():yyyy-MM-dd HH:mm} {message.Sender} {message.Recipients.Single()}"));
        }

        Assert.Equal(
            left, predicted.Sends.Select(send => $"{send.At:yyyy-MM-dd HH:mm} {send.Mailbox} {send.To}"));
        Assert.Equal(20, left.Count);
        Assert.Contains("ramp_limit", predicted.Limits.Select(limit => limit.Code));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task It_leaves_no_trace_and_locks_nothing()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(new ManualTime(Start));
        var campaign = await Prepare(test, sink);
        await test.Write();
        var before = await Everything(test);
        await using var held = await test.Database.Open(test.Id, Cancel);
        Assert.NotNull(await CampaignStore.Hold(held, campaign, Cancel));
        var simulation = await test.Get<SimulateCampaign>().Run(
            test.Id, campaign, new SimulationPlan { Days = 30 }, Cancel);
        Assert.Equal(20, simulation.Sends.Count);
        Assert.Equal("completed 10", Ends(simulation));
        Assert.Empty(sink.Messages);
        Assert.Equal(before, await Everything(test));
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story_and_another_one_another()
    {
        await using var test = await TestWorkspace.Create(new ManualTime(Start));
        var campaign = await Prepare(test, null, 40);
        var plan = new SimulationPlan
        {
            Days = 60,
            Recipients = new RecipientModel
            {
                Seed = 7, Reply = 0.2, Bounce = 0.1, OutOfOffice = 0.2, Unsubscribe = 0.1,
            },
        };
        var first = await test.Get<SimulateCampaign>().Run(test.Id, campaign, plan, Cancel);
        var again = await test.Get<SimulateCampaign>().Run(test.Id, campaign, plan, Cancel);
        var other = await test.Get<SimulateCampaign>().Run(
            test.Id, campaign, plan with { Recipients = plan.Recipients with { Seed = 8 } }, Cancel);
        Assert.Equal(first.Sends, again.Sends);
        Assert.Equal(first.Reactions, again.Reactions);
        Assert.NotEqual(first.Reactions, other.Reactions);
        Assert.Equal(4, first.Reactions.Select(reaction => reaction.Reaction).Distinct().Count());
        // Nobody is written to after an answer that ends it.
        foreach (var end in first.Reactions.Where(one => one.Reaction != Reaction.OutOfOffice))
            Assert.DoesNotContain(first.Sends, send => send.To == end.From && send.At > end.At);
    }

    [Fact]
    public async Task The_copy_refuses_to_write_a_real_table()
    {
        await using var test = await TestWorkspace.Create(new ManualTime(Start));
        await using var shadow = await Core.Data.ShadowDatabase.Open(test.Database, test.Id, Cancel);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => shadow.Database.InWorkspace(
            test.Id, session => session.Run("update public.mailboxes set from_name = 'x'", null, Cancel),
            Cancel));
        Assert.Equal("25006", refused.SqlState);
    }

    static async Task<long> Prepare(TestWorkspace test, SmtpSink? sink, int leads = 10)
    {
        var mailbox = await test.AddMailbox(sink, draft => draft with
        {
            WindowOpens = new TimeOnly(9, 0), WindowCloses = new TimeOnly(17, 0),
            WorkingDays = [1, 2, 3, 4, 5], TimeZone = "Europe/Berlin", DailyLimit = 8, MinGapSeconds = 600,
            RampStart = 4, RampStep = 3,
        });
        await test.AddLeads(leads);
        return await test.Start(
            mailbox, TestWorkspace.Email(), TestWorkspace.Email("Again, {{company}}?", delayDays: 1));
    }

    /// <summary>Every minute; at the weekend, when nothing may leave, every hour.</summary>
    static TimeSpan NextLook(DateTimeOffset now) =>
        now.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday
            ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);

    static string Ends(Simulation simulation) =>
        string.Join(", ", simulation.Enrollments.Select(pair => $"{pair.Key} {pair.Value}"));

    /// <summary>Every row of every table that the phases write.</summary>
    static async Task<string> Everything(TestWorkspace test)
    {
        var tables = await test.List<string>(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
            + "order by 1");
        var sums = new List<string>();
        foreach (var table in tables)
            sums.Add(table + " " + await test.Ask<string>(
                "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') "
                + $"from {table} t"));
        return string.Join('\n', sums);
    }
}
