using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class RotationTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Senders_share_new_people_by_their_room_and_keep_whom_they_wrote_to()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var ada = await test.AddMailbox(sink, draft => draft with { DailyLimit = 20 });
        var bo = await test.AddMailbox(
            sink, draft => draft with { Address = "bo@overture.example", FromName = "Bo", DailyLimit = 10 });
        await test.AddLeads(30);
        var campaign =
            await test.Start(ada, TestWorkspace.Email(), TestWorkspace.Email("Once more, {{company}}?"));
        await test.Get<CampaignSenders>().Share(test.Id, campaign, [bo], Cancel);
        for (var round = 0; round < 3; round++)
        {
            await test.Write();
            while (await test.Send() > 0) { }
            ((ManualTime)test.Time).Advance(TimeSpan.FromDays(1));
        }

        var bySender = sink.Messages.GroupBy(message => message.Recipients.Single())
            .Select(group => group.Select(message => message.Sender).Distinct().Single()).ToList();
        Assert.Equal(30, bySender.Count);
        Assert.Equal(20, bySender.Count(sender => sender == "ada@overture.example"));
        Assert.Equal(10, bySender.Count(sender => sender == "bo@overture.example"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task A_broken_sender_takes_nobody_new()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create();
        var ada = await test.AddMailbox(sink);
        var bo = await test.AddMailbox(sink, draft => draft with { Address = "bo@overture.example" });
        await test.AddLeads(4);
        var campaign = await test.Start(ada);
        await test.Get<CampaignSenders>().Share(test.Id, campaign, [bo], Cancel);
        await test.Get<Mailboxes>().MarkBroken(test.Id, ada, "The password is wrong.", Cancel);
        await test.Write();
        while (await test.Send() > 0) { }
        Assert.Equal(4, sink.Messages.Count);
        Assert.All(sink.Messages, message => Assert.Equal("bo@overture.example", message.Sender));
    }
}
