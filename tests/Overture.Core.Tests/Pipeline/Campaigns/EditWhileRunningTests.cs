using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>A running campaign's steps come, go and move, and nobody gets one twice or falls out.</summary>
[SupportedOSPlatform("linux")]
public sealed class EditWhileRunningTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_put_in_between_is_sent_next_and_the_difference_is_told_before()
    {
        var (test, time, campaign) = await Running("One", "Two");
        await using var _ = test;
        var draft = await Draft(test, campaign);
        draft = draft with
        {
            Steps = [draft.Steps[0], TestWorkspace.Email("Between", delayDays: 1), draft.Steps[1]],
        };
        var changes = await test.Get<Campaigns>().Compare(test.Id, campaign, draft, Cancel);
        var change = Assert.Single(changes);
        Assert.Equal((StepChangeKind.Added, 2, 3L), (change.Kind, change.Position, change.Waiting));
        Assert.Contains("3 waiting", change.Sentence, StringComparison.Ordinal);
        await test.Get<Campaigns>().Update(test.Id, campaign, draft, Cancel);
        await RunOut(test, time);
        Assert.Equal(["One", "Between", "Two"], await Got(test, 1));
        Assert.Equal(9, await test.Ask<long>("select count(*) from messages where state = 'sent'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_removed_step_leads_on_and_who_got_it_keeps_it()
    {
        var (test, time, campaign) = await Running("One", "Two", "Three");
        await using var _ = test;
        var draft = await Draft(test, campaign);
        var changes = await test.Get<Campaigns>().Compare(
            test.Id, campaign, draft with { Steps = [draft.Steps[2]] }, Cancel);
        Assert.Equal(
            [(StepChangeKind.Removed, 1, 0L, 3L), (StepChangeKind.Removed, 2, 3L, 0L)],
            changes.Select(change => (change.Kind, change.Position, change.Waiting, change.Reached)));
        await test.Get<Campaigns>().Update(
            test.Id, campaign, draft with { Steps = [draft.Steps[2]] }, Cancel);
        await RunOut(test, time);
        Assert.Equal(["One", "Three"], await Got(test, 2));
        var steps = await test.Get<Overture.Core.Reports.SequenceReport>().Steps(test.Id, campaign, Cancel);
        Assert.Equal([(1, 3L), (0, 3L), (0, 0L)], steps.Select(step => (step.Position, step.Sent)));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_step_that_is_on_its_way_when_it_is_removed_is_sent_and_the_sequence_goes_on()
    {
        var (test, time, campaign) = await Running("One", "Two", "Three");
        await using var _ = test;
        time.Advance(TimeSpan.FromDays(1));
        await test.Write();
        Assert.Equal("captured 3, planned 3", await test.States("send_intents"));
        var draft = await Draft(test, campaign);
        await test.Get<Campaigns>().Update(
            test.Id, campaign, draft with { Steps = [draft.Steps[0], draft.Steps[2]] }, Cancel);
        await RunOut(test, time);
        Assert.Equal(["One", "Two", "Three"], await Got(test, 3));
        Assert.Equal("finished 3", await test.States("enrollments"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Steps_that_change_places_are_sent_once_each_in_the_new_order()
    {
        var (test, time, campaign) = await Running("One", "Two", "Three");
        await using var _ = test;
        var draft = await Draft(test, campaign);
        var turned = draft with { Steps = [draft.Steps[1], draft.Steps[0], draft.Steps[2]] };
        Assert.Contains(
            StepChangeKind.Moved,
            (await test.Get<Campaigns>().Compare(test.Id, campaign, turned, Cancel)).Select(one => one.Kind));
        await test.Get<Campaigns>().Update(test.Id, campaign, turned, Cancel);
        await RunOut(test, time);
        // They waited for the second step; the first, now behind it, has reached them already.
        Assert.Equal(["One", "Two", "Three"], await Got(test, 1));
        Assert.Equal(9, await test.Ask<long>("select count(*) from messages"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_reworded_text_is_what_the_rest_get_and_the_old_one_keeps_its_results()
    {
        var (test, time, campaign) = await Running("One", "Two");
        await using var _ = test;
        var draft = await Draft(test, campaign);
        StepDraft Reworded(int step, string body) => draft.Steps[step] with
        {
            Variants = [draft.Steps[step].Variants[0] with { Body = body }],
        };
        await test.Get<Campaigns>().Update(
            test.Id, campaign, draft with { Steps = [Reworded(0, "Uno"), Reworded(1, "Due")] }, Cancel);
        await RunOut(test, time);
        Assert.Equal(["One", "Due"], await Got(test, 1));
        var texts = await test.Get<Overture.Core.Reports.SequenceReport>().Variants(test.Id, campaign, Cancel);
        Assert.Equal(
            [(1, "A", true, 3L), (1, "A", false, 0L), (2, "A", false, 3L)],
            texts.OrderBy(text => text.Position).ThenBy(text => text.Id)
                .Select(text => (text.Position, text.Name, text.IsRetired, text.Sent)));
    }

    [Fact]
    public async Task A_started_campaign_is_not_rewritten_by_a_draft_that_names_no_step()
    {
        var (test, _, campaign) = await Running("One", "Two");
        await using var _ = test;
        var draft = await Draft(test, campaign);
        var refused = await Assert.ThrowsAsync<RuleBroken>(() => test.Get<Campaigns>().Update(
            test.Id, campaign, draft with { Steps = [.. draft.Steps.Select(step => step with { Id = null })] },
            Cancel));
        Assert.Equal("steps_without_id", refused.Code);
        Assert.Empty(await test.Get<Campaigns>().Compare(test.Id, campaign, draft, Cancel));
        var other = draft with { Steps = [draft.Steps[0] with { Kind = StepKind.LinkedIn }] };
        refused = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<Campaigns>().Update(test.Id, campaign, other, Cancel));
        Assert.Equal("step_kind", refused.Code);
    }

    /// <summary>Three contacts that got the first step and wait a day for the second.</summary>
    static async Task<(TestWorkspace, ManualTime, long)> Running(params string[] texts)
    {
        var time = new ManualTime();
        var test = await TestWorkspace.Create(time);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        var mailbox = await test.AddMailbox();
        await test.AddLeads(3);
        var steps = texts.Select((text, index) => TestWorkspace.Email(text, delayDays: index == 0 ? 0 : 1));
        var campaign = await test.Start(mailbox, [.. steps]);
        await test.Write();
        while (await test.Send() > 0) { }
        return (test, time, campaign);
    }

    static async Task RunOut(TestWorkspace test, ManualTime time)
    {
        for (var day = 0; day < 6; day++)
        {
            await test.Write();
            while (await test.Send() > 0) { }
            time.Advance(TimeSpan.FromDays(1));
        }

        await test.Write();
    }

    static async Task<CampaignDraft> Draft(TestWorkspace test, long campaign) =>
        Campaigns.DraftOf(await test.Get<Campaigns>().Get(test.Id, campaign, Cancel));

    static Task<IReadOnlyList<string>> Got(TestWorkspace test, int number) => test.List<string>(
        """
        select m.body from messages m join enrollments e on e.id = m.enrollment_id
        where e.number = @number and m.state = 'sent' order by m.id
        """,
        new { number });
}
