using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ApprovalsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_leaves_before_a_person_said_yes_and_a_yes_may_be_taken_back_for_a_moment()
    {
        var (test, time) = await Waiting(2);
        await using var _ = test;
        Assert.Equal("draft 2", await test.States("messages"));
        Assert.Equal(0, await test.Send());
        var rows = await Rows(test);
        var approvals = test.Get<Approvals>();
        await approvals.Approve(test.Id, Seen(rows[0]), "ada", Cancel);
        await approvals.Approve(test.Id, Seen(rows[1]), "ada", Cancel);
        await approvals.TakeBack(test.Id, rows[1].Id, Cancel);
        time.Advance(Approvals.UndoFor - TimeSpan.FromSeconds(1));
        await test.Write();
        Assert.Equal("approved 1, draft 1", await test.States("messages"));
        time.Advance(TimeSpan.FromSeconds(1));
        await test.Write();
        Assert.Equal("planned 1", await test.States("send_intents"));
        await Assert.ThrowsAsync<RuleBroken>(() => approvals.TakeBack(test.Id, rows[0].Id, Cancel));
        Assert.Equal(1, await test.Send());
        Assert.Equal("captured 1", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_approval_names_one_text_and_another_text_is_not_approved()
    {
        var (test, time) = await Waiting(2);
        await using var _ = test;
        var rows = await Rows(test);
        var approvals = test.Get<Approvals>();
        var stale = await Assert.ThrowsAsync<RuleBroken>(() => approvals.Approve(
            test.Id, new SeenMessage(rows[0].Id, rows[1].Hash), "ada", Cancel));
        Assert.Equal("text_changed", stale.Code);
        await approvals.Approve(test.Id, Seen(rows[0]), "ada", Cancel);
        // Whoever changes the text, past every verb, voids the approval.
        await test.Do("update messages set body = 'Buy now' where id = @Id", new { rows[0].Id });
        Assert.Equal("draft 2", await test.States("messages"));
        time.Advance(Approvals.UndoFor);
        await test.Write();
        Assert.Equal(0, await test.Send());
        // And without that trigger the text is compared once more before it is planned.
        rows = await Rows(test);
        await approvals.Approve(test.Id, Seen(rows[1]), "ada", Cancel);
        await test.Do("alter table messages disable trigger messages_void_changed_approval");
        await test.Do("update messages set body = 'Buy now' where id = @Id", new { rows[1].Id });
        time.Advance(Approvals.UndoFor);
        await test.Write();
        Assert.Equal("draft 2", await test.States("messages"));
    }

    [Fact]
    public async Task What_was_planned_under_an_approval_cannot_change_any_more()
    {
        var (test, time) = await Waiting(1);
        await using var _ = test;
        await test.Get<Approvals>().Approve(test.Id, Seen((await Rows(test))[0]), "ada", Cancel);
        time.Advance(Approvals.UndoFor);
        await test.Write();
        await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => test.Do("update messages set subject = 'Other'"));
    }

    [Fact]
    public async Task A_text_is_corrected_and_approved_or_rejected_with_a_reason()
    {
        var (test, time) = await Waiting(3);
        await using var _ = test;
        var rows = await Rows(test);
        var approvals = test.Get<Approvals>();
        await approvals.Edit(test.Id, Seen(rows[0]), "Better", "A better text.", "ada", Cancel);
        await approvals.Reject(test.Id, rows[1].Id, "Wrong person", goOn: false, "ada", Cancel);
        await approvals.Reject(test.Id, rows[2].Id, "Too early", goOn: true, "ada", Cancel);
        time.Advance(Approvals.UndoFor);
        await test.Write();
        await test.Send();
        Assert.Equal("A better text.", await test.Ask<string>("select body from messages where state = 'sent'"));
        Assert.Equal("removed", await test.Ask<string>(
            "select finish_reason from enrollments where state = 'finished'"));
        Assert.Equal("Rejected: Wrong person", await test.Ask<string>(
            "select error from messages where id = @Id", new { rows[1].Id }));
        await test.Write();
        Assert.Equal(2, await test.Ask<long>("select count(*) from messages where state = 'draft'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task All_that_match_are_approved_after_a_sample_was_read_and_nothing_written_later()
    {
        var (test, _) = await Waiting(8);
        await using var _ = test;
        var rows = await Rows(test);
        var approvals = test.Get<Approvals>();
        var group = Assert.Single(await test.Get<ApprovalReport>().Groups(test.Id, Cancel));
        var few = await Assert.ThrowsAsync<RuleBroken>(() => approvals.ApproveAll(
            test.Id, group.CampaignId, null, group.UpToId, [Seen(rows[0]), Seen(rows[0])], "ada", Cancel));
        Assert.Equal("sample_needed", few.Code);
        var upTo = rows[6].Id;
        var count = await approvals.ApproveAll(
            test.Id, group.CampaignId, group.StepId, upTo, [.. rows.Take(Approvals.SampleSize).Select(Seen)],
            "ada", Cancel);
        Assert.Equal(7, count);
        Assert.Equal("approved 7, draft 1", await test.States("messages"));
    }

    [Fact]
    public async Task A_draft_nobody_approves_expires_and_is_written_anew_when_its_contact_is_resumed()
    {
        var (test, time) = await Waiting(1);
        await using var _ = test;
        var old = (await Rows(test))[0];
        time.Advance(Approvals.Patience);
        var late = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<Approvals>().Approve(test.Id, Seen(old), "ada", Cancel));
        Assert.Equal("draft_expired", late.Code);
        await test.Write();
        Assert.Equal("paused 1", await test.States("enrollments"));
        Assert.Equal(0, await test.Ask<long>("select count(*) from messages"));
        await test.Get<Enrollments>().Resume(
            test.Id, await test.Ask<long>("select id from enrollments"), Cancel);
        await test.Write();
        Assert.Equal("draft 1", await test.States("messages"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_reworded_step_writes_what_waits_anew()
    {
        var (test, _) = await Waiting(2);
        await using var _ = test;
        var rows = await Rows(test);
        await test.Get<Approvals>().Approve(test.Id, Seen(rows[0]), "ada", Cancel);
        var campaigns = test.Get<Campaigns>();
        var draft = Campaigns.DraftOf(await campaigns.Get(test.Id, rows[0].CampaignId, Cancel));
        var text = draft.Steps[0].Variants[0] with { Body = "Hello again" };
        await campaigns.Update(
            test.Id, rows[0].CampaignId,
            draft with { Steps = [draft.Steps[0] with { Variants = [text] }, draft.Steps[1]] }, Cancel);
        await test.Write();
        Assert.Equal(["Hello again", "Hello again"], (await Rows(test)).Select(row => row.Body));
        await test.HoldsInvariants();
    }

    static async Task<(TestWorkspace, ManualTime)> Waiting(int leads)
    {
        var time = new ManualTime();
        var test = await TestWorkspace.Create(time);
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        var mailbox = await test.AddMailbox();
        await test.AddLeads(leads);
        var id = await test.Get<Campaigns>().Create(
            test.Id,
            new CampaignDraft
            {
                Name = "Careful", MailboxId = mailbox, ApprovesEach = true, NewPerDayLimit = null,
                Steps = [TestWorkspace.Email(), TestWorkspace.Email("Second")],
            },
            Cancel);
        await test.Get<Campaigns>().Start(test.Id, id, Cancel);
        await test.Write();
        return (test, time);
    }

    static Task<IReadOnlyList<ApprovalRow>> Rows(TestWorkspace test) =>
        test.Get<ApprovalReport>().Waiting(test.Id, null, null, null, 100, Cancel);

    static SeenMessage Seen(ApprovalRow row) => new(row.Id, row.Hash);
}
