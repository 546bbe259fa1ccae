using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Tests.Pipeline;

namespace Overture.Core.Tests.Model;

[SupportedOSPlatform("linux")]
public sealed class LeadListTests
{
    const int Count = 120;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<LeadSort, string> Lists
    {
        get
        {
            var lists = new TheoryData<LeadSort, string>();
            foreach (var sort in Enum.GetValues<LeadSort>())
                foreach (var filter in new[] { "", "search", "state", "industry", "score", "email", "list" })
                    lists.Add(sort, filter);
            return lists;
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_hold_every_lead_once_and_in_order(LeadSort sort, string filtered)
    {
        await using var test = await Filled();
        var filter = (filtered switch
        {
            "search" => new LeadFilter { Search = "clíent 1" },
            "state" => new LeadFilter { State = LeadState.New },
            "industry" => new LeadFilter { Industry = "Software & more" },
            "score" => new LeadFilter { MinScore = 40 },
            "email" => new LeadFilter { HasEmail = false },
            "list" => new LeadFilter { ListId = 1 },
            _ => new LeadFilter(),
        }) with { Sort = sort };
        var all = await test.Get<Leads>().List(test.Id, filter, null, 100, Cancel);
        var rest = all.NextCursor is null ? []
            : (await test.Get<Leads>().List(test.Id, filter, all.NextCursor, 100, Cancel)).Rows;
        var whole = all.Rows.Concat(rest).Select(row => row.Id).ToList();
        var paged = new List<long>();
        string? cursor = null;
        do
        {
            var page = await test.Get<Leads>().List(test.Id, filter, cursor, 7, Cancel);
            paged.AddRange(page.Rows.Select(row => row.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(whole, paged);
        Assert.Equal(paged.Count, paged.Distinct().Count());
        Assert.Equal(all.Total, paged.Count);
        Assert.NotEmpty(paged);
        var expected = await test.List<long>(Plainly(filtered, sort));
        Assert.Equal(expected, paged);
    }

    [Theory]
    [InlineData("zoe", 120)]
    [InlineData("ZOË number7", 11)]
    [InlineData("zoe numb", 120)]
    [InlineData("numb zoe", 0)]
    [InlineData("number7 client", 1)]
    [InlineData("zoe7", 7)]
    [InlineData("zoe8@b", 1)]
    [InlineData("chief engineering", 40)]
    [InlineData("nobody", 0)]
    [InlineData("'); drop table leads; --", 0)]
    [InlineData(@"\' & | ! :*", 120)]
    public async Task A_search_finds_names_titles_addresses_and_companies_by_words_and_a_last_beginning(
        string typed, int expected)
    {
        await using var test = await Filled();
        var found = await test.Get<Leads>().List(test.Id, new LeadFilter { Search = typed }, null, 1, Cancel);
        Assert.Equal(expected, found.Total);
    }

    [Theory]
    [InlineData("clent")]
    [InlineData("ounder")]
    [InlineData("enginering")]
    public async Task What_is_misspelt_or_a_part_of_a_word_is_found_too_and_said_to_be(string typed)
    {
        await using var test = await Filled();
        await test.Get<SearchIndex>().Run(Cancel);
        var found = await test.Get<Leads>().List(test.Id, new LeadFilter { Search = typed }, null, 5, Cancel);
        Assert.True(found.IsAlike);
        Assert.NotEmpty(found.Rows);
    }

    [Fact]
    public async Task A_renamed_person_or_company_is_found_under_the_new_name_only()
    {
        await using var test = await Filled();
        await test.Do(
            "update contacts set full_name = 'Quinn Last' where id = (select min(id) from contacts)");
        await test.Do("update companies set name = 'Xylophon' where id = (select min(id) from companies)");
        Assert.Equal(1, await Found(test, "quinn"));
        Assert.True(await Found(test, "xylophon") > 1);
        await test.Do("delete from contacts where full_name = 'Quinn Last'");
        Assert.Equal(0, await Found(test, "quinn"));
    }

    [Fact]
    public async Task A_long_list_is_said_to_have_about_so_many_and_a_short_one_exactly()
    {
        await using var test = await TestWorkspace.Create();
        await test.Do(
            """
            insert into contacts (workspace_id, full_name, source, created_at, updated_at)
            select w.id, 'Zoë Number' || n, 'test', now(), now()
            from workspaces w, generate_series(1, 6789) n
            """);
        await test.Do(
            """
            insert into leads (workspace_id, contact_id, state, source, created_at, updated_at)
            select workspace_id, id, case when id % 40 = 0 then 'enriched' else 'new' end, 'test', now(),
                now()
            from contacts
            """);
        await test.Do("analyze leads, lead_listing");
        var counts = new List<(long, bool)>();
        foreach (var filter in new LeadFilter[]
            { new(), new() { Search = "zoe" }, new() { State = LeadState.Enriched },
                new() { Search = "number77" } })
        {
            var page = await test.Get<Leads>().List(test.Id, filter, null, 50, Cancel);
            counts.Add((page.Total, page.IsEstimate));
        }

        Assert.Equal([(6_780, true), (6_780, true), (169, false), (11, false)], counts);
    }

    static async Task<long> Found(TestWorkspace test, string typed) => (await test.Get<Leads>().List(
        test.Id, new LeadFilter { Search = typed }, null, 1, Cancel)).Total;

    static string Plainly(string filtered, LeadSort sort)
    {
        var where = filtered switch
        {
            "search" =>
                "exists (select from unnest(string_to_array(lower(co.name), ' ')) w where w like '1%')",
            "state" => "l.state = 'new'",
            "industry" => "co.industry = 'Software & more'",
            "score" => "l.score >= 40",
            "email" => "c.email is null",
            "list" => "l.id in (select lead_id from list_members)",
            _ => "true",
        };
        var order = sort switch
        {
            LeadSort.Score => "l.score desc nulls last, l.id",
            LeadSort.Name => "fold_text(c.full_name) collate \"C\", l.id",
            LeadSort.Company => "fold_text(co.name) collate \"C\" nulls last, l.id",
            _ => "l.id desc",
        };
        return $"""
            select l.id from leads l join contacts c on c.id = l.contact_id
            left join companies co on co.id = l.company_id where {where} order by {order}
            """;
    }

    static async Task<TestWorkspace> Filled()
    {
        var test = await TestWorkspace.Create();
        var intake = test.Get<Intake>();
        await test.Database.InWorkspace(
            test.Id,
            async session =>
            {
                for (var at = 0; at < Count; at++)
                    await intake.Take(
                        session,
                        new CollectedLead
                        {
                            Source = "test",
                            Company = at % 5 == 0 ? null : new Company
                            {
                                Name = $"Client {at % 13}",
                                Industry = at % 13 == 1 ? "Software & more" : "Other",
                            },
                            Contact = new Contact
                            {
                                FullName = $"Zoë Number{at}",
                                Email = at % 4 == 3 ? null : $"zoe{at}@b.example",
                                Title = at % 3 == 0 ? "Chief of Engineering" : "Founder",
                                LinkedInUrl = $"https://linkedin.com/in/zoe{at}",
                            },
                        },
                        DuplicateRule.FillBlanks, Cancel);
            },
            Cancel);
        await test.Do("update leads set score = (id * 7) % 100, state = 'ranked' where id % 3 <> 0");
        await test.Do(
            "insert into lists (workspace_id, name, created_at) select id, 'A', now() from workspaces");
        await test.Do(
            """
            insert into list_members (workspace_id, list_id, lead_id, added_at)
            select l.workspace_id, s.id, l.id, now() from leads l, lists s where l.id % 2 = 0
            """);
        return test;
    }
}
