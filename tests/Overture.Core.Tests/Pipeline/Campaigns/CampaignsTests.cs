using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class CampaignsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pilot_reaches_only_so_many_until_it_is_released()
    {
        await using var test = await TestWorkspace.Create();
        var (campaigns, id) = await Drafted(test, 10);
        await campaigns.Start(test.Id, id, Cancel, pilot: 3);
        await test.Write();
        Assert.Equal("active 3", await test.States("enrollments"));
        await campaigns.Release(test.Id, id, Cancel);
        await test.Write();
        Assert.Equal("active 10", await test.States("enrollments"));
        Assert.Equal(10, await test.Ask<long>("select count(distinct number) from enrollments"));
    }

    [Fact]
    public async Task So_many_are_enrolled_on_a_day_of_the_mailbox_and_no_more()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 2, 20, 0, 0, TimeSpan.Zero));
        await using var test = await TestWorkspace.Create(time);
        var (campaigns, id) = await Drafted(test, 10, draft => draft with { NewPerDayLimit = 4 });
        await test.Do("update mailboxes set time_zone = 'Europe/Vienna'");
        await campaigns.Start(test.Id, id, Cancel);
        await test.Write();
        Assert.Equal("active 4", await test.States("enrollments"));
        time.Advance(TimeSpan.FromHours(2));
        await test.Write();
        Assert.Equal("active 4", await test.States("enrollments"));
        // Midnight in Vienna is an hour before midnight in UTC.
        time.Advance(TimeSpan.FromHours(1));
        await test.Write();
        Assert.Equal("active 8", await test.States("enrollments"));
    }

    [Fact]
    public async Task A_contact_is_in_one_active_campaign_unless_a_campaign_may_overlap()
    {
        await using var test = await TestWorkspace.Create();
        var (campaigns, first) = await Drafted(test, 4);
        await campaigns.Start(test.Id, first, Cancel);
        await test.Write();
        var second = await campaigns.Duplicate(test.Id, first, Cancel);
        await campaigns.Start(test.Id, second, Cancel);
        var third = await campaigns.Create(
            test.Id,
            Campaigns.DraftOf(await campaigns.Get(test.Id, first, Cancel)) with
            {
                AllowsOverlap = true, Steps = [TestWorkspace.Email()],
            },
            Cancel);
        await campaigns.Start(test.Id, third, Cancel);
        await test.Write();
        Assert.Equal(
            [(first, 4L), (third, 4L)], await test.List<(long, long)>(
                "select campaign_id, count(*) from enrollments group by campaign_id order by 1"));
        // Without the rule of the verb, the database still refuses a second exclusive enrollment.
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => test.Do(
            "update enrollments set may_overlap = false where campaign_id = @third", new { third }));
        // Whoever is through may be written to by the next campaign; whoever has left may not.
        await test.Do(
            """
            update enrollments set state = 'finished', finished_at = now(), due_at = null,
                finish_reason = case when number <= 2 then 'completed' else 'replied' end
            """);
        await test.Write();
        Assert.Equal(2, await test.Ask<long>(
            "select count(*) from enrollments where campaign_id = @second", new { second }));
    }

    [Fact]
    public async Task Ending_a_campaign_ends_everybody_in_it_and_takes_back_what_was_planned()
    {
        await using var test = await TestWorkspace.Create();
        var (campaigns, id) = await Drafted(test, 3);
        await campaigns.Start(test.Id, id, Cancel);
        await test.Write();
        await campaigns.End(test.Id, id, Cancel);
        Assert.Equal("ended 3", await test.Ask<string>(
            "select finish_reason || ' ' || count(*) from enrollments group by finish_reason"));
        Assert.Equal("cancelled 3", await test.States("send_intents"));
        Assert.Equal(0, await test.Send());
        await Assert.ThrowsAsync<RuleBroken>(() => campaigns.Start(test.Id, id, Cancel));
        Assert.Equal(3, await test.Ask<long>("select count(*) from events where kind = 'finished'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task One_contact_is_held_resumed_moved_on_and_stopped_without_touching_the_others()
    {
        await using var test = await TestWorkspace.Create();
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        var (campaigns, id) = await Drafted(test, 4, draft => draft with
        {
            Steps = [TestWorkspace.Email("One"), TestWorkspace.Email("Two")],
        });
        await campaigns.Start(test.Id, id, Cancel);
        await test.Write();
        var enrollments = test.Get<Enrollments>();
        var ids = await test.List<long>("select id from enrollments order by number");
        await enrollments.Pause(test.Id, ids[0], "by ada", Cancel);
        await enrollments.Skip(test.Id, ids[1], Cancel);
        await enrollments.Stop(test.Id, ids[2], Cancel);
        while (await test.Send() > 0) { }
        await test.Write();
        while (await test.Send() > 0) { }
        var got = await test.List<(long, string)>(
            "select enrollment_id, string_agg(body, ',' order by id) from messages where state = 'sent' group by 1");
        Assert.Equal([(ids[1], "Two"), (ids[3], "One,Two")], got.Order());
        await enrollments.Resume(test.Id, ids[0], Cancel);
        for (var round = 0; round < 3; round++)
        {
            await test.Write();
            while (await test.Send() > 0) { }
        }

        Assert.Equal(2, await test.Ask<long>(
            "select count(*) from messages where state = 'sent' and enrollment_id = @id", new { id = ids[0] }));
        Assert.Equal("finished 4", await test.States("enrollments"));
        await Assert.ThrowsAsync<RuleBroken>(() => enrollments.Stop(test.Id, ids[2], Cancel));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task The_winner_gets_every_further_message()
    {
        await using var test = await TestWorkspace.Create();
        var step = new StepDraft { Variants = [new VariantDraft("A", "a"), new VariantDraft("B", "b")] };
        var (campaigns, id) = await Drafted(test, 6, draft => draft with { Steps = [step] });
        await campaigns.Start(test.Id, id, Cancel, pilot: 2);
        await test.Write();
        var winner = (await campaigns.Get(test.Id, id, Cancel)).Steps[0].Variants[1];
        await campaigns.Promote(test.Id, id, winner.Id, Cancel);
        await campaigns.Release(test.Id, id, Cancel);
        await test.Write();
        Assert.Equal([("a", 1L), ("b", 5L)], await test.List<(string, long)>(
            "select body, count(*) from messages group by body order by body"));
    }

    [Fact]
    public async Task A_segment_is_an_audience_that_is_read_anew()
    {
        await using var test = await TestWorkspace.Create();
        await test.AddLeads(3);
        var segment = await test.Get<Segments>().Put(
            test.Id, "Number two", new LeadFilter { Search = "Number2" }, Cancel);
        var (campaigns, id) = await Drafted(test, 0, draft => draft with { SegmentId = segment });
        await campaigns.Start(test.Id, id, Cancel);
        await test.Write();
        Assert.Equal(1, await test.Ask<long>("select count(*) from enrollments"));
        await test.Get<Segments>().Put(test.Id, "Number two", new LeadFilter { Search = "Number" }, Cancel);
        await test.Write();
        Assert.Equal(3, await test.Ask<long>("select count(*) from enrollments"));
        await Assert.ThrowsAsync<RuleBroken>(() => test.Get<Segments>().Delete(test.Id, segment, Cancel));
    }

    static async Task<(Campaigns, long)> Drafted(
        TestWorkspace test, int leads, Func<CampaignDraft, CampaignDraft>? change = null)
    {
        var mailbox = await test.AddMailbox();
        if (leads > 0) await test.AddLeads(leads);
        var draft = new CampaignDraft
        {
            Name = "Hello", MailboxId = mailbox, NewPerDayLimit = null, Steps = [TestWorkspace.Email()],
        };
        var id = await test.Get<Campaigns>().Create(test.Id, change is null ? draft : change(draft), Cancel);
        return (test.Get<Campaigns>(), id);
    }
}
