using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>How enrollments go through sequences that wait, branch and ask people.</summary>
[SupportedOSPlatform("linux")]
public sealed class SequenceTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wait_lasts_its_working_days_and_then_the_next_step_is_written()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
        await using var test = await TestWorkspace.Create(time);
        await Begin(
            test, 1, TestWorkspace.Email(),
            new StepDraft { Kind = StepKind.Wait, DelayDays = 2, InWorkingDays = true },
            TestWorkspace.Email("Second"));
        await test.Do("update mailboxes set working_days = '{1,2,3,4,5}'");
        await SendAll(test);
        Assert.Equal("2026-03-10", await test.Ask<string>("select due_at::date::text from enrollments"));
        time.Advance(TimeSpan.FromDays(3));
        await test.Write();
        Assert.Equal(1, await test.Ask<long>("select count(*) from messages"));
        time.Advance(TimeSpan.FromDays(1));
        await test.Write();
        Assert.Equal(2, await test.Ask<long>("select count(*) from messages"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from events where kind = 'waited'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Who_opened_it_goes_one_way_and_who_did_not_the_other_and_machines_do_not_count()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        await Begin(
            test, 3, TestWorkspace.Email(),
            Ask(ConditionTest.Opened, windowDays: 3, yes: "warm", no: "cold"),
            TestWorkspace.Email("Warm") with { Key = "warm", EndsHere = true },
            TestWorkspace.Email("Cold") with { Key = "cold" });
        await SendAll(test);
        await test.Write();
        await Happened(test, 1, "opened", """{"human": true}""");
        await Happened(test, 2, "opened", """{"human": false}""");
        time.Advance(TimeSpan.FromMinutes(1));
        await SendAll(test);
        Assert.Equal("Warm", await Last(test, 1));
        Assert.NotEqual("Cold", await Last(test, 2));
        time.Advance(TimeSpan.FromDays(3));
        await SendAll(test);
        Assert.Equal("Cold", await Last(test, 2));
        Assert.Equal("Cold", await Last(test, 3));
        await SendAll(test);
        Assert.Equal(
            "completed 3", await test.Ask<string>(
                "select finish_reason || ' ' || count(*) from enrollments group by finish_reason"));
        Assert.Equal(6, await test.Ask<long>("select count(*) from messages"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_field_and_an_intent_part_the_ways_and_a_null_way_ends()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        await Begin(
            test, 3,
            new StepDraft
            {
                Kind = StepKind.Condition,
                Condition = new ConditionDraft
                {
                    Test = ConditionTest.Field, Field = "title", Operator = FieldOperator.Contains,
                    Value = "chief", Yes = "first",
                },
            },
            TestWorkspace.Email("First") with { Key = "first" },
            new StepDraft
            {
                Kind = StepKind.Condition,
                Condition = new ConditionDraft
                {
                    Test = ConditionTest.Intent, Value = "positive", WindowDays = 2, Yes = "book",
                },
            },
            TestWorkspace.Email("Book a time") with { Key = "book" });
        await test.Do("update contacts set title = 'Chief of Staff' where full_name <> 'Ann Number3'");
        await SendAll(test);
        await test.Write();
        Assert.Equal("finished", await test.Ask<string>("select state from enrollments where number = 3"));
        await Happened(test, 1, "replied", """{"intent": "positive"}""");
        await Happened(test, 2, "replied", """{"intent": "negative"}""");
        await SendAll(test);
        Assert.Equal("Book a time", await Last(test, 1));
        time.Advance(TimeSpan.FromDays(2));
        await test.Write();
        Assert.Equal("First", await Last(test, 2));
        Assert.Equal(
            "completed", await test.Ask<string>("select finish_reason from enrollments where number = 2"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_task_done_by_a_person_moves_the_sequence_on_and_a_dismissed_one_does_too()
    {
        await using var test = await TestWorkspace.Create();
        var manual = new StepDraft
        {
            Kind = StepKind.Manual, Manual = ManualKind.Call,
            Variants = [new VariantDraft("Call {{first_name}}", "Ask about {{company}}.")],
        };
        var profile = new StepDraft { Kind = StepKind.LinkedIn, Variants = [new VariantDraft("", "Hi {{first_name}}")] };
        await Begin(test, 2, profile, manual, TestWorkspace.Email("Thanks"));
        await test.Write();
        var tasks = await test.List<(long, string, string)>("select id, body, link from tasks order by id");
        Assert.Equal(["Hi Ann", "Hi Ann"], tasks.Select(task => task.Item2));
        Assert.All(tasks, task => Assert.StartsWith("https://www.linkedin.com/", task.Item3));
        await test.Get<HumanTasks>().Done(test.Id, tasks[0].Item1, "ada", Cancel);
        await test.Get<HumanTasks>().Dismiss(test.Id, tasks[1].Item1, "ada", Cancel);
        Assert.Equal("cancelled 1, sent 1", await test.States("messages"));
        await test.Write();
        Assert.Equal("Call Ann", await test.Ask<string>("select min(title) from tasks where kind = 'call'"));
        foreach (var id in await test.List<long>("select id from tasks where kind = 'call'"))
            await test.Get<HumanTasks>().Done(test.Id, id, "ada", Cancel);
        await SendAll(test);
        Assert.Equal("finished 2", await test.States("enrollments"));
        Assert.Equal(3, await test.Ask<long>("select count(*) from events where kind = 'task_done'"));
        var again = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<HumanTasks>().Done(test.Id, tasks[0].Item1, "ada", Cancel));
        Assert.Equal("task_finished", again.Code);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_snoozed_task_comes_back_on_its_day()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        await Begin(test, 1, new StepDraft { Kind = StepKind.LinkedIn, Variants = [new VariantDraft("", "Hi")] });
        await test.Write();
        var tasks = test.Get<Overture.Core.Reports.TaskReport>();
        var id = (await tasks.List(test.Id, "due", null, null, 10, Cancel))[0].Id;
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await test.Get<HumanTasks>().Snooze(test.Id, id, today.AddDays(2), Cancel);
        Assert.Empty(await tasks.List(test.Id, "due", null, null, 10, Cancel));
        Assert.Single(await tasks.List(test.Id, "later", null, null, 10, Cancel));
        time.Advance(TimeSpan.FromDays(2));
        Assert.Single(await tasks.List(test.Id, "due", null, null, 10, Cancel));
        await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<HumanTasks>().Snooze(test.Id, id, today, Cancel));
    }

    [Theory]
    [InlineData("cold", "warm", "branch_leads_nowhere")]
    [InlineData("elsewhere", null, "branch_leads_nowhere")]
    public async Task A_branch_that_would_lead_back_or_nowhere_is_refused(string? yes, string? no, string code)
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox();
        var refused = await Assert.ThrowsAsync<RuleBroken>(() => test.Start(
            mailbox, TestWorkspace.Email() with { Key = "warm" },
            Ask(ConditionTest.Opened, 1, yes, no), TestWorkspace.Email() with { Key = "cold" }));
        Assert.Equal(code, refused.Code);
    }

    static StepDraft Ask(ConditionTest test, int windowDays, string? yes, string? no) => new()
    {
        Kind = StepKind.Condition,
        Condition = new ConditionDraft { Test = test, WindowDays = windowDays, Yes = yes, No = no },
    };

    static async Task<long> Begin(TestWorkspace test, int leads, params StepDraft[] steps)
    {
        var mailbox = await test.AddMailbox();
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await test.AddLeads(leads);
        return await test.Start(mailbox, steps);
    }

    static async Task SendAll(TestWorkspace test)
    {
        await test.Write();
        while (await test.Send() > 0) { }
    }

    static Task Happened(TestWorkspace test, int number, string kind, string data) => test.Do(
        """
        insert into events (workspace_id, kind, campaign_id, enrollment_id, message_id, contact_id, data, occurred_at)
        select e.workspace_id, @kind, e.campaign_id, e.id, max(m.id), e.contact_id, @data::jsonb, @now
        from enrollments e join messages m on m.enrollment_id = e.id where e.number = @number
        group by e.workspace_id, e.campaign_id, e.id, e.contact_id
        """,
        new { kind, number, data, now = test.Time.GetUtcNow().UtcDateTime });

    static Task<string> Last(TestWorkspace test, int number) => test.Ask<string>(
        """
        select m.body from messages m join enrollments e on e.id = m.enrollment_id
        where e.number = @number order by m.id desc limit 1
        """,
        new { number });
}
