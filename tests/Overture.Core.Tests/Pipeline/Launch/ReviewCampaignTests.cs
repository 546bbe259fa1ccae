using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ReviewCampaignTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_ready_can_be_launched_and_what_is_not_names_its_reason()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(
            sink, draft => draft with { PostalAddress = "1 Example Street", DailyLimit = 4 });
        await test.AddLeads(10);
        await test.Get<Suppressions>().Add(test.Id, "ann3@client.example", "manual", null, "test", Cancel);
        var campaign = await test.Get<Campaigns>().Create(
            test.Id,
            new CampaignDraft
            {
                Name = "Hello", MailboxId = mailbox,
                Steps = [TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 3)],
            },
            Cancel);
        var review = await test.Get<ReviewCampaign>().Of(test.Id, campaign, Cancel);
        Assert.True(
            review.CanLaunch,
            string.Join('\n', review.Lines.Select(line => $"{line.State} {line.Sentence}")));
        Assert.Equal((10, 1), (review.Audience, review.Suppressed));
        // Nine people, two messages each, at most four a day.
        Assert.Equal(18, review.Forecast.Total);
        Assert.True(review.Forecast.IsComplete);
        Assert.All(review.Forecast.Days, day => Assert.InRange(day.Total, 1, 4));
        await test.Get<Mailboxes>().MarkBroken(test.Id, mailbox, "The password is wrong.", Cancel);
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<LaunchCampaign>().Run(test.Id, campaign, null, null, Cancel));
        Assert.Equal("launch_blocked", refused.Code);
        Assert.Contains("The password is wrong.", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal("launch_blocked", (await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<LaunchCampaign>().Start(test.Id, campaign, null, Cancel))).Code);
        Assert.Equal("draft", await test.Ask<string>("select state from campaigns"));
        await test.Get<Mailboxes>().Connected(test.Id, mailbox, Cancel);
        await test.Get<LaunchCampaign>().Run(test.Id, campaign, null, null, Cancel);
        Assert.Equal("running", await test.Ask<string>("select state from campaigns"));
    }

    [Fact]
    public async Task Whoever_sending_would_refuse_is_counted_as_suppressed()
    {
        await using var test = await TestWorkspace.Create();
        test.Database.KnowErasedBy(new Lazy<byte[]>(new byte[32]));
        var mailbox = await test.AddMailbox();
        await test.AddLeads(4);
        await test.AddLeads(2, "sub.partner.example");
        await test.Get<PersonalData>().Erase(test.Id, "Ann1@Client.example", "Ada", Cancel);
        await test.Get<Suppressions>().Add(test.Id, "ann2@client.example", "manual", null, "test", Cancel);
        await test.Get<Suppressions>().Add(test.Id, "partner.example", "manual", null, "test", Cancel);
        // Who was erased comes anew with the next list.
        await test.AddLeads(1);
        var campaign = await test.Start(mailbox);

        var review = await test.Get<ReviewCampaign>().Of(test.Id, campaign, Cancel);

        Assert.Equal((6, 4), (review.Audience, review.Suppressed));
        Assert.Equal(2, review.Forecast.Total);
        await test.Write();
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        while (await test.Send() > 0) { }
        Assert.Equal(2, await test.Ask<long>("select count(*) from captured_mail"));
    }

    [Fact]
    public async Task A_start_tells_every_red_line_and_a_resumed_campaign_needs_nobody_new()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(sink);
        var campaign = await test.Get<Campaigns>().Create(
            test.Id,
            new CampaignDraft { Name = "Hello", MailboxId = mailbox, Steps = [TestWorkspace.Email()] },
            Cancel);
        var launch = test.Get<LaunchCampaign>();
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => launch.Start(test.Id, campaign, null, Cancel));
        Assert.Contains("Audience: ", refused.Sentence, StringComparison.Ordinal);
        Assert.Contains("Postal address: ", refused.Sentence, StringComparison.Ordinal);

        var draft = MailboxDraft.Of(await test.Get<Mailboxes>().Get(test.Id, mailbox, Cancel));
        await test.Get<Mailboxes>().Update(
            test.Id, mailbox, draft with { PostalAddress = "1 Example Street" }, Cancel);
        await test.AddLeads(2);
        await launch.Start(test.Id, campaign, null, Cancel);
        await test.Write();
        await test.Get<Campaigns>().Pause(test.Id, campaign, "test", Cancel);
        await launch.Start(test.Id, campaign, null, Cancel);
        Assert.Equal("running", await test.Ask<string>("select state from campaigns"));
        await test.Get<Campaigns>().Pause(test.Id, campaign, "test", Cancel);
        await test.Get<Mailboxes>().MarkBroken(test.Id, mailbox, "The password is wrong.", Cancel);
        Assert.Equal("launch_blocked", (await Assert.ThrowsAsync<RuleBroken>(
            () => launch.Start(test.Id, campaign, null, Cancel))).Code);
    }

    [Fact]
    public async Task A_field_without_a_value_is_counted_before_anybody_is_written_to()
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox();
        await test.AddLeads(3);
        var campaign = await test.Start(mailbox, TestWorkspace.Email("Dear {{title}}"));
        var line = (await test.Get<ReviewCampaign>().Of(test.Id, campaign, Cancel)).Lines
            .Single(one => one.Code == "merge_fields");
        Assert.Equal(CheckState.Red, line.State);
        Assert.Contains("3 of the first 3 people", line.Sentence, StringComparison.Ordinal);
        Assert.Contains("title", line.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_people_are_written_to_only_after_their_number_was_typed()
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(null, draft => draft with { PostalAddress = "1 Example Street" });
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await test.AddLeads(101);
        var campaign = await test.Get<Campaigns>().Create(
            test.Id,
            new CampaignDraft { Name = "Hello", MailboxId = mailbox, Steps = [TestWorkspace.Email()] },
            Cancel);
        var launch = test.Get<LaunchCampaign>();
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => launch.Run(test.Id, campaign, null, 100, Cancel));
        Assert.Equal("count_needed", refused.Code);
        await launch.Run(test.Id, campaign, null, 101, Cancel);
        Assert.Equal("running", await test.Ask<string>("select state from campaigns"));
    }

    [Fact]
    public async Task The_forecast_of_a_running_campaign_counts_the_follow_ups_still_to_come()
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox(null, draft => draft with { PostalAddress = "1 Example Street" });
        await test.Get<Workspaces>().SetDryRun(test.Id, true, Cancel);
        await test.AddLeads(3);
        var campaign = await test.Start(
            mailbox, TestWorkspace.Email(), TestWorkspace.Email("Again?", delayDays: 3),
            TestWorkspace.Email("Once more?", delayDays: 4));
        await test.Write();
        while (await test.Send() > 0) { }
        Assert.Equal(3, await test.Ask<long>("select count(*) from enrollments where touches = 1"));

        var review = await test.Get<ReviewCampaign>().Of(test.Id, campaign, Cancel);

        var today = DateOnly.FromDateTime(test.Time.GetUtcNow().UtcDateTime);
        Assert.Equal(6, review.Forecast.Total);
        Assert.All(review.Forecast.Days, day => Assert.Equal((0, 3), (day.FirstMessages, day.FollowUps)));
        Assert.Equal([3, 7], review.Forecast.Days.Select(day => day.Day.DayNumber - today.DayNumber));
        Assert.Equal(today.AddDays(3), DateOnly.FromDateTime(review.Forecast.FirstSendAt!.Value));
        var audience = review.Lines.Single(line => line.Code == "audience");
        Assert.Equal(CheckState.Green, audience.State);
        Assert.StartsWith("3 are enrolled", audience.Sentence, StringComparison.Ordinal);
    }
}
