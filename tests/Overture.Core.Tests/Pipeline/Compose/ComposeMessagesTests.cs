using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class ComposeMessagesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variants_share_a_step_evenly_and_the_preview_is_what_is_written()
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox();
        await test.AddLeads(11);
        var step = new StepDraft
        {
            Variants = [new VariantDraft("One", "First for {{full_name}}"),
                new VariantDraft("Two", "Second for {{full_name}}")],
        };
        var campaign = await test.Start(mailbox, step);
        await test.Write();
        var counts = await test.List<long>("select count(*) from messages group by variant_id order by 1");
        Assert.Equal([5, 6], counts);
        foreach (var (lead, subject, body) in await test.List<(long, string, string)>(
            "select e.lead_id, m.subject, m.body from messages m join enrollments e on e.id = "
            + "m.enrollment_id"))
        {
            var previews = await test.Get<PreviewMessage>().Of(test.Id, campaign, lead, 1, Cancel);
            Assert.Contains((subject, body),
                previews.Select(one => (one.Rendered.Subject, one.Rendered.Body)));
        }

        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_unresolved_field_blocks_before_anything_is_planned_and_says_why()
    {
        await using var test = await TestWorkspace.Create();
        var mailbox = await test.AddMailbox();
        await test.AddLeads(2);
        var campaign = await test.Start(mailbox, TestWorkspace.Email("Hi {{first_name}}, your {{title}}?"));
        await test.Do("update contacts set title = 'CTO' where email = 'ann1@client.example'");
        await test.Write();
        Assert.Equal("planned 1", await test.States("send_intents"));
        Assert.Contains("{{title}}", await test.Ask<string>(
            "select blocked_reason from enrollments where blocked_reason is not null"),
                StringComparison.Ordinal);
        var why = await test.Get<WhyNot>().Of(test.Id, campaign, Cancel);
        Assert.Contains("cannot_be_written", why.Select(obstacle => obstacle.Code));
        // Completed, the lead is written to by itself.
        await test.Do("update contacts set title = 'CEO' where title is null");
        ((Overture.Testing.ManualTime)test.Time).Advance(TimeSpan.FromHours(1));
        await test.Write();
        Assert.Equal("planned 2", await test.States("send_intents"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Nothing_is_scored_where_nothing_is_known_and_reasons_stand_where_it_is()
    {
        await using var test = await TestWorkspace.Create();
        await test.AddLeads(3);
        Assert.Equal("fifo", await test.Ask<string>("select distinct rank_mode from leads"));
        Assert.Equal(0, await test.Ask<long>("select count(score) from leads"));
        await test.Get<Rankings>().Put(test.Id, new RankingSettings { Positive = ["operations"] }, "test",
            Cancel);
        await test.Do("update contacts set title = 'Head of Operations' where email = 'ann2@client.example'");
        await test.Prepare();
        Assert.Equal("cold_start", await test.Ask<string>("select distinct rank_mode from leads"));
        Assert.Equal("ann2@client.example", await test.Ask<string>(
            "select c.email from leads l join contacts c on c.id = l.contact_id order by l.score desc "
            + "limit 1"));
        Assert.Contains("operations", await test.Ask<string>(
            "select score_reasons::text from leads order by score desc limit 1"),
                StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Computer Software", 300, null, "201-1000", 0.95f)]
    [InlineData("Hospitals", null, 12_000_000, "51-200", 0.4f)]
    [InlineData(null, null, null, null, 0f)]
    public void Offline_rules_say_what_they_know_and_how_sure_they_are(
        string? industry, int? employees, int? raised, string? size, float confidence)
    {
        var company = new Company { Name = "X", Industry = industry, EmployeeCount = employees,
            RaisedUsd = raised };
        var (contact, facts) = OfflineRules.Learn(
            new Contact { FullName = "Ann", Title = "VP Engineering" }, company, DateTime.UnixEpoch);
        var found = facts.FirstOrDefault(fact => fact.Field == "company_size");
        Assert.Equal(size is null ? null : $"\"{size}\"", found?.Value);
        Assert.Equal(confidence, found?.Confidence ?? 0);
        Assert.Contains("persona", contact.Select(fact => fact.Field));
        Assert.Contains("pain_points", contact.Select(fact => fact.Field));
        Assert.All(facts.Concat(contact), fact => Assert.InRange(fact.Confidence, 0.01f, 1f));
    }
}
