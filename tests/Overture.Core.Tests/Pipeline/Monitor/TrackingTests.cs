using System.Net;
using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Opens and clicks: on request only, people apart from machines, and never an open redirect.</summary>
[SupportedOSPlatform("linux")]
public sealed class TrackingTests
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const string Text = "Look at https://overture.example/a?x=1&y=2 and (https://overture.example/b).";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_tracked_unless_the_campaign_asks_for_it()
    {
        await using var them = await Correspondent.WrittenTo(1, steps: TestWorkspace.Email(Text));
        Assert.Null(them.SentTo("ann1@client.example").Html);
        Assert.Equal(0, await them.Test.Ask<long>("select count(*) from tracked_links"));
    }

    [Fact]
    public async Task Links_lead_where_the_text_says_and_hold_no_address_themselves()
    {
        await using var them = await Tracked();
        var html = them.SentTo("ann1@client.example").Html!;
        Assert.Contains(Text.Split(' ')[2], them.SentTo("ann1@client.example").Text, StringComparison.Ordinal);
        var tokens = Tokens(html, "/c/");
        Assert.Equal(2, tokens.Count);
        Assert.DoesNotContain("x=1", string.Concat(html.Split("href=\"").Skip(1).Select(part => part.Split('"')[0])),
            StringComparison.Ordinal);
        var record = them.Test.Get<RecordVisit>();
        Later(them);
        Assert.Equal("https://overture.example/a?x=1&y=2", await record.Click(By(tokens[0]), Cancel));
        Assert.Null(await record.Click(By("unknown"), Cancel));
        Assert.Null(await record.Click(By(Tokens(html, "/o/")[0]), Cancel));
        Assert.Equal("true", await Human(them, "clicked"));
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
    }

    [Fact]
    public async Task Opens_of_people_and_of_machines_are_told_apart_and_once()
    {
        await using var them = await Tracked();
        var pixel = Tokens(them.SentTo("ann1@client.example").Html!, "/o/")[0];
        var record = them.Test.Get<RecordVisit>();
        await record.Open(By(pixel), Cancel);
        Assert.Equal("false", await Human(them, "opened"));
        Later(them);
        await record.Open(By(pixel) with { IsOurs = true }, Cancel);
        await record.Open(By(pixel) with { UserAgent = "Mozilla/5.0" }, Cancel);
        Assert.Equal("false", await Human(them, "opened"));
        await record.Open(By(pixel), Cancel);
        await record.Open(By(pixel), Cancel);
        Assert.Equal("false, true", await Human(them, "opened"));
        var campaign = await them.Test.Get<Trackings>().Counts(them.Test.Id, them.Campaign, Cancel);
        Assert.Equal(new TrackingCounts(1, 1, 0, 0), campaign);
    }

    [Fact]
    public async Task Whoever_follows_all_links_at_once_is_a_machine()
    {
        await using var them = await Tracked();
        var tokens = Tokens(them.SentTo("ann1@client.example").Html!, "/c/");
        var record = them.Test.Get<RecordVisit>();
        Later(them);
        await record.Click(By(tokens[0]), Cancel);
        await record.Click(By(tokens[1]), Cancel);
        Assert.Equal("false", await Human(them, "clicked"));
        Later(them);
        await record.Click(By(tokens[1]), Cancel);
        Assert.Equal("false, true", await Human(them, "clicked"));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "google image proxy")]
    [InlineData("Mozilla/5.0", "apple mail privacy")]
    [InlineData("", "says nothing about itself")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0)", "robot")]
    [InlineData("python-requests/2.32", "program")]
    [InlineData(Browser, null)]
    public void A_machine_is_known_by_what_it_calls_itself(string agent, string? reason) =>
        Assert.Equal(reason, VisitReader.MachineReason(
            By("t") with { UserAgent = agent }, DateTime.UnixEpoch, DateTime.UnixEpoch.AddHours(1)));

    [Fact]
    public void A_machine_is_known_by_its_haste_its_network_and_its_way_of_asking()
    {
        var (sent, later) = (DateTime.UnixEpoch, DateTime.UnixEpoch.AddHours(1));
        Assert.Equal("within seconds of leaving", VisitReader.MachineReason(By("t"), sent, sent.AddSeconds(4)));
        Assert.Equal("before it left", VisitReader.MachineReason(By("t"), null, later));
        Assert.Equal("asked without fetching", VisitReader.MachineReason(By("t") with { IsHead = true }, sent, later));
        Assert.Equal("fetched ahead", VisitReader.MachineReason(By("t") with { IsPrefetch = true }, sent, later));
        Assert.Equal("apple mail privacy", VisitReader.MachineReason(
            By("t") with { Address = IPAddress.Parse("::ffff:17.58.0.1") }, sent, later));
    }

    [Fact]
    public async Task Not_now_waits_as_long_as_was_asked_for()
    {
        await using var them = await Correspondent.WrittenTo(1);
        var link = them.SentTo("ann1@client.example").Header("List-Unsubscribe")!.Trim('<', '>').Split('/')[^1];
        Assert.True(await them.Test.Get<NotNow>().Run(link, 30, Cancel));
        Assert.False(await them.Test.Get<NotNow>().Run("unknown", 30, Cancel));
        Assert.Equal(
            them.Test.Time.GetUtcNow().UtcDateTime.AddDays(33),
            await them.Test.Ask<DateTime>("select due_at from enrollments"));
        Assert.Equal("active", await them.Enrollment("ann1@client.example"));
    }

    static async Task<Correspondent> Tracked()
    {
        var them = await Correspondent.WrittenTo(0, steps: [TestWorkspace.Email(Text), TestWorkspace.Email()]);
        await them.Test.Get<Trackings>().Put(
            them.Test.Id, them.Campaign, new CampaignTracking(true, true), "test", Cancel);
        await them.Test.AddLeads(1);
        await them.Test.Write();
        while (await them.Test.Send() > 0) { }
        return them;
    }

    static void Later(Correspondent them) => ((ManualTime)them.Test.Time).Advance(TimeSpan.FromMinutes(5));

    static Visit By(string token) => new(token, Browser, IPAddress.Parse("203.0.113.9"), false, false, false);

    static List<string> Tokens(string html, string path) =>
        [.. html.Split(path).Skip(1).Select(rest => new string([.. rest.TakeWhile(char.IsAsciiHexDigit)]))];

    static async Task<string> Human(Correspondent them, string kind) => string.Join(", ", await them.Test.List<string>(
        "select data ->> 'human' from events where kind = @kind order by id", new { kind }));
}
