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
