using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class DuplicatesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Merged_people_keep_both_histories_lists_and_conversations()
    {
        await using var test = await Pair();
        var (kept, gone) = (await Lead(test, "ann1@a.example"), await Lead(test, "ann2@a.example"));
        var lists = test.Get<LeadLists>();
        var shared = await lists.Create(test.Id, "Both", Cancel);
        var own = await lists.Create(test.Id, "Newer only", Cancel);
        await lists.Add(test.Id, shared, new LeadSelection(new LeadFilter()), Cancel);
        await lists.Add(test.Id, own, new LeadSelection(new LeadFilter(), [gone]), Cancel);
        await test.Get<Leads>().Accept(test.Id, kept, "Ada", Cancel);
        await test.Get<Leads>().Accept(test.Id, gone, "Bea", Cancel);
        await test.Do("""
            insert into enrichment_gaps (workspace_id, lead_id, due_at, reason)
            select workspace_id, id, now(), 'busy' from leads
            """);

        await Merge(test);

        var lead = await test.Get<Leads>().Get(test.Id, kept, Cancel);
        Assert.Equal("ann1@a.example", lead.Contact.Email);
        Assert.Equal("+43 1 23", lead.Contact.Phone);
        Assert.Equal(["Ada", "Ada", "Bea"],
            lead.Timeline.Where(entry => entry.Kind != "imported").Select(entry => entry.Actor).Order());
        Assert.Contains(lead.Timeline, entry => entry.Summary == "Merged with Ann (ann2@a.example)");
        Assert.Equal([("Both", 1L), ("Newer only", 1L)],
            (await lists.All(test.Id, Cancel)).Select(list => (list.Name, list.MemberCount)));
        Assert.Equal(1, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from contacts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task What_was_written_to_the_newer_one_and_how_far_it_came_pass_to_the_older_one()
    {
        await using var test = await Pair();
        await test.Do("""
            update leads set state = 'rejected', reject_reason = 'no' where contact_id in
                (select id from contacts where email = 'ann1@a.example')
            """);
        await test.Start(await test.AddMailbox(), TestWorkspace.Email());
        await test.Write();
        Assert.Equal("ann2@a.example", await test.Ask<string>(
            "select c.email from enrollments e join contacts c on c.id = e.contact_id"));

        await Merge(test);

        Assert.Equal("ann1@a.example, enrolled, active", await test.Ask<string>("""
            select concat_ws(', ', c.email, l.state, e.state) from enrollments e
            join contacts c on c.id = e.contact_id join leads l on l.id = e.lead_id
            """));
        Assert.Equal(1, await test.Ask<long>("""
            select count(*) from messages m join contacts c on c.id = m.contact_id
            where c.email = 'ann1@a.example'
            """));
        await test.HoldsInvariants();
    }

    [Theory]
    [InlineData("ann1@a.example")]
    [InlineData("ann2@a.example")]
    public async Task Who_asked_under_one_address_not_to_be_written_to_is_not_written_to_under_the_other(
        string refused)
    {
        await using var test = await Pair();
        await test.Start(await test.AddMailbox(), TestWorkspace.Email());
        await test.Get<Suppressions>().Add(test.Id, refused, "unsubscribe", null, "Ann", Cancel);
        await test.Do("update leads set state = 'new'");

        await Merge(test);
        await test.Write();

        Assert.Equal(
            "ann1@a.example unsubscribe, ann2@a.example unsubscribe",
            await test.Ask<string>(
                "select string_agg(value || ' ' || reason, ', ' order by value) from suppressions"));
        Assert.Equal(0, await test.Ask<long>("select count(*) from enrollments where state <> 'finished'"));
    }

    [Fact]
    public async Task Two_who_are_both_in_one_campaign_are_left_as_they_are()
    {
        await using var test = await Pair();
        await test.Start(await test.AddMailbox(), TestWorkspace.Email());
        await test.Write();
        Assert.Equal(2, await test.Ask<long>("select count(*) from enrollments"));

        var refused = await Assert.ThrowsAsync<RuleBroken>(() => Merge(test));

        Assert.Equal("both_in_use", refused.Code);
        Assert.Equal(2, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(1, (await test.Get<Duplicates>().List(test.Id, null, 10, Cancel)).Total);
    }

    [Fact]
    public async Task Merged_companies_keep_the_people_and_facts_of_both()
    {
        await using var test = await TestWorkspace.Create();
        await test.Import(
            "Name,E-mail,Company,Website,City\nAnn,ann@a.example,Acme,https://a.example,\n"
            + "Bo,bo@b.example,Acme,https://b.example,Graz\n");
        await test.Do("""
            insert into facts (workspace_id, company_id, field, value, provider, confidence, observed_at)
            select workspace_id, id, 'industry', to_jsonb('I ' || id), 'hunter', 0.5,
                now() + id * interval '1 s'
            from companies
            """);

        await Merge(test);

        Assert.Equal("a.example, Graz", await test.Ask<string>(
            "select concat_ws(', ', domain, city) from companies"));
        Assert.Equal(2, await test.Ask<long>("""
            select count(*) from contacts c
            join leads l on l.contact_id = c.id and l.company_id = c.company_id
            """));
        Assert.Equal("I 2", await test.Ask<string>("select string_agg(value #>> '{}', ', ') from facts"));
    }

    [Fact]
    public async Task A_third_namesake_is_asked_about_with_the_one_that_stayed()
    {
        await using var test = await Pair();
        await test.Import("Name,E-mail,Company,Website\nAnn,ann3@a.example,Acme,https://a.example\n");
        await test.Do("""
            update possible_duplicates set first_id = (select id from contacts where email = 'ann2@a.example')
            where id = (select max(id) from possible_duplicates)
            """);

        await Merge(test);

        var left = Assert.Single((await test.Get<Duplicates>().List(test.Id, null, 10, Cancel)).Rows);
        Assert.Equal(("ann1@a.example", "ann3@a.example"), (left.First!.Email, left.Second!.Email));
        await test.Get<Duplicates>().KeepApart(test.Id, left.Id, "Ada", Cancel);
        Assert.Equal(0, await test.Get<Duplicates>().CountOpen(test.Id, Cancel));
    }

    static async Task<TestWorkspace> Pair()
    {
        var test = await TestWorkspace.Create();
        await test.Import(
            "Name,E-mail,Phone,Company,Website\nAnn,ann1@a.example,,Acme,https://a.example\n"
            + "Ann,ann2@a.example,+43 1 23,Acme,https://a.example\n");
        return test;
    }

    // The oldest pair: the one that was asked about first.
    static async Task Merge(TestWorkspace test) => await test.Get<Duplicates>().Merge(
        test.Id, (await test.Get<Duplicates>().List(test.Id, null, 10, Cancel)).Rows[^1].Id, "Ada", Cancel);

    static Task<long> Lead(TestWorkspace test, string email) => test.Ask<long>(
        "select l.id from leads l join contacts c on c.id = l.contact_id where c.email = @email",
        new { email });
}
