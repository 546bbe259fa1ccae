using System.Globalization;
using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Thousands at once must end where one after the other ends.</summary>
[SupportedOSPlatform("linux")]
public sealed class BulkIntakeTests
{
    const int Rows = 400;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int, DuplicateRule> Cases
    {
        get
        {
            var cases = new TheoryData<int, DuplicateRule>();
            foreach (var rule in Enum.GetValues<DuplicateRule>())
                for (var seed = 1; seed <= 4; seed++) cases.Add(seed, rule);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_batch_does_what_its_rows_do_one_after_the_other(int seed, DuplicateRule rule)
    {
        await using var single = await TestWorkspace.Create();
        await using var bulk = await TestWorkspace.Create();
        var rows = Make(seed);
        var effects = new List<string>();
        await single.Database.InWorkspace(
            single.Id,
            async session =>
            {
                foreach (var row in rows)
                    effects.Add(Effect(await single.Get<Intake>().Take(
                        session,
                        new CollectedLead { Source = "import", Company = row.Company?.Company,
                            Contact = row.Contact },
                        rule, Cancel)));
            },
            Cancel);
        var bulkEffects = new List<string>();
        var import = await bulk.Get<Imports>()
            .Upload(bulk.Id, "a.csv", "Name\nAnn\n"u8.ToArray(), "t", Cancel);
        var intake = new BulkIntake(bulk.Time);
        foreach (var (number, part) in rows.Chunk(150).Index())
            await bulk.Database.InWorkspace(
                bulk.Id,
                async session =>
                {
                    var result = await intake.Take(
                        session, import, number, "import", part, rule, Cancel);
                    bulkEffects.AddRange(result.Results.Select(Effect));
                    await ImportRows.Keep(session, import, result, Cancel);
                    await ImportBatchStore.OpenLeads(
                        session, import, number, result.Listing.Value, "a.csv",
                        bulk.Time.GetUtcNow().UtcDateTime, Cancel);
                },
                Cancel);
        await bulk.Database.InWorkspace(
            bulk.Id, session => ImportBatchStore.ListChangedAgain(session, import, Cancel), Cancel);
        Assert.Equal(effects, bulkEffects);
        Assert.Equal(await Everything(single), await Everything(bulk));
    }

    [Fact]
    public async Task What_somebody_changes_between_two_batches_is_seen()
    {
        await using var test = await TestWorkspace.Create();
        var import = await test.Get<Imports>()
            .Upload(test.Id, "a.csv", "Name\nAnn\n"u8.ToArray(), "t", Cancel);
        var intake = new BulkIntake(test.Time);
        var rows = new[] { null, "Software", "Retail" }.Select(industry => FoundLead.Of(
            1,
            new FoundCompany(
                new Company
                {
                    Name = "Client", Domain = "client.example", Industry = industry, Phone = industry,
                },
                "client"),
            null)).ToList();
        await Take(rows[0]);
        await test.Do("update companies set industry = 'Fishing', updated_at = updated_at + interval '1 s'");
        await Take(rows[1]);
        await Take(rows[2]);
        Assert.Equal(
            "Fishing|Software", await test.Ask<string>("select industry || '|' || phone from companies"));

        Task Take(FoundLead row) => test.Database.InWorkspace(
            test.Id,
            session => intake.Take(session, import, 0, "import", [row], DuplicateRule.FillBlanks, Cancel),
            Cancel);
    }

    static string Effect(IntakeResult result) => $"{result.Company} {result.Contact} {result.Lead}";

    // Few values, so that every way of meeting somebody again occurs.
    static List<FoundLead> Make(int seed)
    {
        var random = new Random(seed);
        string? Maybe(string text) => random.Next(3) == 0 ? null : text;
        var rows = new List<FoundLead>();
        for (var row = 0; row < Rows; row++)
        {
            var person = random.Next(60);
            var company = random.Next(25);
            var name = random.Next(2) == 0 ? $"Client {company} GmbH" : $"CLIENT {company}";
            var domain = Maybe($"client{company % 20}.example");
            var contact = random.Next(8) == 0 ? null : new Contact
            {
                FullName = random.Next(2) == 0 ? $"Zoë Number{person}" : $"zoë number{person}",
                Email = Maybe($"{(random.Next(2) == 0 ? "Zoe" : "zoe")}{person % 40}@client.example"),
                LinkedInUrl = Maybe($"https://linkedin.com/in/zoe-{random.Next(60)}"),
                Title = Maybe($"Title {random.Next(4)}"), Country = Maybe("Österreich"),
            };
            var found = random.Next(10) == 0 && contact is not null ? null
                : new FoundCompany(
                    new Company
                    {
                        Name = name, Domain = domain, Industry = Maybe($"Industry {random.Next(3)}"),
                    },
                    CompanyName.ForMatching(name));
            rows.Add(FoundLead.Of(row, found, contact));
        }

        return rows;
    }

    static async Task<string> Everything(TestWorkspace test)
    {
        var companies = await test.List<string>(
            "select concat_ws('|', name, match_name, domain, industry) from companies order by 1");
        var contacts = await test.List<string>(
            """
            select concat_ws('|', c.full_name, c.email, c.email_key, c.linkedin_key, c.title, c.country,
                co.name, co.domain, lc.name, l.state)
            from contacts c left join leads l on l.contact_id = c.id
            left join companies co on co.id = c.company_id
            left join companies lc on lc.id = l.company_id order by 1
            """);
        var listing = await test.List<string>(
            """
            select concat_ws('|', s.name_key, s.company_key, (
                select string_agg(word, ' ' order by word collate "C")
                from unnest(tsvector_to_array(s.words)) word where word not like 'part=%'))
            from lead_listing s order by 1
            """);
        var stale = await test.Ask<long>(
            """
            select count(*) from lead_listing s join lead_listing_now n using (workspace_id, lead_id)
            where (s.name_key, s.company_key, s.words) is distinct from (n.name_key, n.company_key, n.words)
            """);
        Assert.Equal(0, stale);
        var facets = await test.List<string>("select kind || value from facet_values order by 1");
        return string.Join('\n', companies.Concat(contacts).Concat(listing).Concat(facets)
            .Append(stale.ToString(CultureInfo.InvariantCulture)));
    }
}
