using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class SuppressionsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Ann1@Client.Example", "ann1@client.example", null)]
    [InlineData("client.example", "ann1@client.example", null)]
    [InlineData("@client.example", "ann1@client.example", null)]
    [InlineData("client.example", "ann1@sales.client.example", null)]
    [InlineData("sales.client.example", "ann1@client.example", "planned 1")]
    [InlineData("ent.example", "ann1@client.example", "planned 1")]
    [InlineData("ann@client.example", "ann1@client.example", "planned 1")]
    public async Task It_ends_exactly_what_it_names(string suppressed, string address, string? left)
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox();
        await test.AddLeads(1, address[(address.IndexOf('@') + 1)..]);
        await test.Start(mailbox);
        await test.Write();
        await test.Get<Suppressions>().Add(test.Id, suppressed, "manual", null, "test", Cancel);
        await test.Get<Suppressions>().Add(test.Id, suppressed, "manual", null, "test", Cancel);
        Assert.Equal(left ?? "cancelled 1", await test.States("send_intents"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from suppressions"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task What_was_typed_in_can_be_taken_back()
    {
        await using var test = await TestWorkspace.Create();
        var suppressions = test.Get<Suppressions>();
        await suppressions.Add(test.Id, "client.example", "manual", null, "test", Cancel);
        Assert.Equal("manual", await suppressions.ReasonFor(test.Id, "ann@sales.client.example", Cancel));
        var id = (await suppressions.List(test.Id, null, null, 1, Cancel))[0].Id;

        await suppressions.Remove(test.Id, id, Cancel);

        Assert.Null(await suppressions.ReasonFor(test.Id, "ann@sales.client.example", Cancel));
        Assert.Equal("not_found", (await Assert.ThrowsAsync<RuleBroken>(
            () => suppressions.Remove(test.Id, id, Cancel))).Code);
    }

    [Theory]
    [InlineData("manual", "unsubscribe")]
    [InlineData("unsubscribe", "manual")]
    public async Task What_a_person_asked_for_stays_whatever_was_typed_in(string first, string then)
    {
        await using var test = await TestWorkspace.Create();
        var suppressions = test.Get<Suppressions>();
        await suppressions.Add(test.Id, "ann@client.example", first, null, "test", Cancel);
        await suppressions.Add(test.Id, "ann@client.example", then, null, "test", Cancel);
        var row = Assert.Single(await suppressions.List(test.Id, null, null, 10, Cancel));

        Assert.Equal("unsubscribe", row.Reason);
        Assert.Equal("suppression_stays", (await Assert.ThrowsAsync<RuleBroken>(
            () => suppressions.Remove(test.Id, row.Id, Cancel))).Code);
        Assert.NotNull(await suppressions.ReasonFor(test.Id, "ann@client.example", Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("com")]
    [InlineData("two words.example")]
    [InlineData("ann@")]
    [InlineData("ann lee@client.example")]
    public async Task What_is_neither_address_nor_domain_is_refused_with_an_example(string value)
    {
        await using var test = await TestWorkspace.Create();
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => test.Get<Suppressions>().Add(test.Id, value, "manual", null, "test", Cancel));
        Assert.Contains("ann@example.com", refused.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann@intranet")]
    [InlineData("\"ann lee\"@client.example")]
    public async Task A_bounced_address_of_any_form_can_be_suppressed(string address)
    {
        await using var test = await TestWorkspace.Create();
        await test.Database.InWorkspace(
            test.Id,
            session => Suppressions.AddTo(
                session, address, "hard_bounce", null, "smtp", test.Time.GetUtcNow().UtcDateTime, Cancel),
            Cancel);
        Assert.Equal(address, await test.Ask<string>("select value from suppressions"));
    }
}
