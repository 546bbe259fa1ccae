using System.Runtime.Versioning;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// Imports that named the same people: taking one back leaves what stands as if it had never been.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class UndoOverlapTests
{
    const string Head = "Name,E-mail,Job title,Phone,City,Company,Website,Industry\n";

    const string First =
        Head + "Ann,ann@a.example,CTO,+43 1 11,Graz,Acme,https://a.example,Retail\n"
        + "Bo,bo@b.example,CEO,+43 1 22,Wels,Beta,https://b.example,Fishing\n";

    // Ann again with another title and no phone, Cy at a company that the first file brought.
    const string Second =
        Head + "Ann Lee,ann@a.example,Chief,,Graz,Acme,https://a.example,\n"
        + "Cy,cy@b.example,CFO,,,Beta,https://b.example,Software\n";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_a_later_list_named_stays_with_what_that_list_said()
    {
        await using var test = await TestWorkspace.Create();
        var first = await test.Import(First, name: "first.csv");
        var second = await test.Import(Second, name: "second.csv");
        Assert.Equal("Ann|CTO|+43 1 11|Graz|Acme", await Person(test, "ann@a.example"));

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, first, Cancel);
        var done = await test.Undo(first);

        Assert.Equal((1, 1, 0, 1), (forecast.LeadsRemoved, forecast.ContactsRemoved,
            forecast.CompaniesRemoved, forecast.ContactsHeld));
        Assert.Equal([new HeldBy(second, "second.csv", 1)], forecast.HeldBy);
        Assert.Equal((1, 1, 0, 1, 2, 0), (done.LeadsRemoved, done.ContactsRemoved, done.CompaniesRemoved,
            done.ContactsHeld, done.CompaniesHeld, done.ContactsKept));
        Assert.Equal([new HeldBy(second, "second.csv", 1)], done.HeldBy);
        Assert.Equal("Ann Lee|Chief|-|Graz|Acme", await Person(test, "ann@a.example"));
        Assert.Equal("second.csv, line 2", await test.Ask<string>(
            "select l.source_detail from leads l join contacts c on c.id = l.contact_id "
            + "where c.email = 'ann@a.example'"));
        Assert.Equal("Acme:-, Beta:Software", await Companies(test));
        Assert.Contains("second.csv",
            (await test.Get<Imports>().Get(test.Id, first, Cancel)).UndoReport!, StringComparison.Ordinal);
        await test.HoldsInvariants();
    }

    [Theory]
    [InlineData(DuplicateRule.FillBlanks, true)]
    [InlineData(DuplicateRule.FillBlanks, false)]
    [InlineData(DuplicateRule.Overwrite, true)]
    [InlineData(DuplicateRule.Overwrite, false)]
    [InlineData(DuplicateRule.Skip, true)]
    [InlineData(DuplicateRule.Skip, false)]
    public async Task Both_taken_back_in_either_order_leave_what_was_before_both(
        DuplicateRule rule, bool isFirstFirst)
    {
        await using var test = await TestWorkspace.Create();
        await test.Import(Head + "Di,di@b.example,,,,Beta,https://b.example,\n", name: "zero.csv");
        var before = await Everything(test);
        var first = await test.Import(First, rule);
        var second = await test.Import(Second, rule);

        await test.Undo(isFirstFirst ? first : second);
        Assert.NotEqual(before, await Everything(test));
        await test.Undo(isFirstFirst ? second : first);

        Assert.Equal(before, await Everything(test));
        await test.HoldsInvariants();
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task One_of_several_taken_back_leaves_what_the_others_leave_without_it(int seed)
    {
        var random = new Random(seed);
        var files = Enumerable.Range(0, 4).Select(
            _ => (Csv: RandomFile(random), Rule: (DuplicateRule)random.Next(3))).ToList();
        await using var test = await TestWorkspace.Create();
        await using var without = await TestWorkspace.Create();
        var gone = random.Next(files.Count - 1);
        var alsoGone = random.Next(2) == 0 ? gone : gone + 1;
        var imports = new List<long>();
        foreach (var (at, file) in files.Index())
        {
            imports.Add(await test.Import(file.Csv, file.Rule));
            if (at != gone && at != alsoGone) await without.Import(file.Csv, file.Rule);
        }

        foreach (var at in new[] { gone, alsoGone }.Distinct().OrderBy(_ => random.Next()))
            await test.Undo(imports[at]);

        Assert.Equal(await Everything(without), await Everything(test));
        await test.HoldsInvariants();
        foreach (var import in imports.Where((_, at) => at != gone && at != alsoGone)
            .OrderBy(_ => random.Next()))
            await test.Undo(import);
        Assert.Equal("", await Everything(test));
    }

    [Fact]
    public async Task What_somebody_changed_by_hand_in_between_or_since_stays()
    {
        await using var test = await TestWorkspace.Create();
        var first = await test.Import(First);
        await test.Do("update contacts set title = 'By hand' where email = 'ann@a.example'");
        var second = await test.Import(Second, DuplicateRule.Overwrite);
        await test.Do("update contacts set city = 'Linz' where email = 'ann@a.example'");
        Assert.Equal("Ann Lee|Chief|+43 1 11|Linz|Acme", await Person(test, "ann@a.example"));

        await test.Undo(first);
        Assert.Equal("Ann Lee|Chief|-|Linz|Acme", await Person(test, "ann@a.example"));
        var third = await test.Import(Head + "Ann,ann@a.example,,+43 3,,,,\n");
        await test.Do("update contacts set phone = 'mine' where email = 'ann@a.example'");
        await test.Undo(second);
        Assert.Equal("Ann|-|mine|Linz|-", await Person(test, "ann@a.example"));
        await test.Undo(third);
        Assert.Equal("", await test.Names());
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("manual")]
    [InlineData("suppressed")]
    [InlineData("task")]
    public async Task Who_a_person_has_taken_up_since_stays_as_they_are(string how)
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        var import = await test.Import(First);
        var lead = await test.Ask<long>(
            "select l.id from leads l join contacts c on c.id = l.contact_id where c.full_name = 'Bo'");
        time.Advance(TimeSpan.FromMinutes(1));
        if (how == "accepted") await test.Get<Leads>().Accept(test.Id, lead, "Ada", Cancel);
        if (how == "manual")
            await test.Get<AddLead>().Run(
                test.Id, new Contact { FullName = "Bo", Email = "bo@b.example" }, null, Cancel);
        if (how == "suppressed")
            await test.Get<Suppressions>().Add(
                test.Id, "bo@b.example", "manual", "Asked on the phone", "Ada", Cancel);
        if (how == "task")
            await test.Do(
                "insert into tasks (workspace_id, lead_id, kind, title, state, created_at) "
                + "select workspace_id, id, 'call', 'Call Bo', 'open', created_at from leads "
                + "where id = @lead",
                new { lead });

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, import, Cancel);
        var done = await test.Undo(import);

        Assert.Equal((1, 1), (forecast.ContactsRemoved, forecast.ContactsKept));
        Assert.Equal((1, 1), (done.ContactsRemoved, done.ContactsKept));
        Assert.Equal("Bo|CEO|+43 1 22|Wels|Beta", await Person(test, "bo@b.example"));
    }

    [Fact]
    public async Task An_address_that_somebody_else_has_taken_does_not_come_back()
    {
        await using var test = await TestWorkspace.Create();
        const string Profiles = "Name,E-mail,LinkedIn URL\n";
        var first = await test.Import(
            Profiles + "Ann,ann@a.example,https://www.linkedin.com/in/ann\n");
        // The profile tells that it is Ann; her other address is not taken over, but was said.
        await test.Import(Profiles + "Ann,ann@b.example,https://www.linkedin.com/in/ann\n");
        await test.Import(Profiles + "Anna,ann@b.example,\n");

        await test.Undo(first);

        Assert.Equal("Ann:-, Anna:ann@b.example", await test.Ask<string>(
            "select string_agg(full_name || ':' || coalesce(email, '-'), ', ' order by full_name) "
            + "from contacts"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task An_undo_that_was_killed_goes_on_where_it_stopped()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        string Rows(int from, int count, string title) => Head + string.Concat(Enumerable.Range(from, count)
            .Select(at => $"P{at},p{at}@c{at % 9}.example,{title},,,C{at % 9},https://c{at % 9}.example,\n"));
        var first = await test.Import(Rows(0, 900, "CTO"));
        await test.Import(Rows(600, 600, "CEO"));
        // The connection is cut when the first batch, which comes last, is about to go.
        await test.Do(
            """
            create function cut() returns trigger language plpgsql as
                $$ begin if old.number = 0 then perform pg_terminate_backend(pg_backend_pid()); end if;
                   return old; end $$;
            create trigger cut before delete on import_batches for each row execute function cut()
            """);
        var job = await test.Get<Imports>().Undo(test.Id, first, "Ada", Cancel);
        var working = test.Work(job);
        await Waiting.Until(async () => await test.Ask<string>(
            "select state from jobs where id = @job", new { job }) == "retryable");
        Assert.Equal(1, await test.Ask<long>(
            "select count(*) from import_batches where import_id = @first", new { first }));
        await test.Do("drop trigger cut on import_batches");
        time.Advance(TimeSpan.FromMinutes(1));
        var done = JsonSerializer.Deserialize<UndoImport.Summary>((await working).Result!, JobJson.Options)!;

        Assert.Equal((600, 600, 300), (done.LeadsRemoved, done.ContactsRemoved, done.ContactsHeld));
        Assert.Equal(300, Assert.Single(done.HeldBy).People);
        Assert.Equal(600, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(0, await test.Ask<long>("select count(*) from contacts where title <> 'CEO'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Nobody_is_taken_away_while_another_import_is_naming_them()
    {
        await using var test = await TestWorkspace.Create();
        var first = await test.Import(First);
        var second = await test.Get<Imports>().Upload(
            test.Id, "second.csv", "Name\nAnn\n"u8.ToArray(), "Ada", Cancel);
        await using var batch = await test.Database.Open(test.Id, Cancel);
        await ImportBatchStore.Hold(batch, isAlone: false, Cancel);
        var undoing = test.Undo(first);
        await Waiting.Until(async () => undoing.IsCompleted || await test.Ask<bool>(
            "select exists (select from pg_locks where locktype = 'advisory' and not granted "
            + "and database = (select oid from pg_database where datname = current_database()))"));
        var named = FoundLead.Of(2, null, new Contact { FullName = "Ann", Email = "ann@a.example" });
        var result = await new BulkIntake(test.Time).Take(
            batch, second, 0, "import", [named], DuplicateRule.FillBlanks, Cancel);
        await ImportRows.Keep(batch, second, result, Cancel);
        await batch.Commit(Cancel);

        Assert.Equal((1, 1), ((await undoing).ContactsHeld, (await undoing).ContactsRemoved));
        Assert.Equal("Ann|-|-|-|-", await Person(test, "ann@a.example"));
    }

    // Few people and few values, so that the files meet each other everywhere.
    static string RandomFile(Random random) => Head + string.Concat(Enumerable.Range(0, 12).Select(_ =>
    {
        var person = random.Next(8);
        string Maybe(string text) => random.Next(3) == 0 ? "" : text + random.Next(3);
        return $"Name {random.Next(3)},p{person}@c{person % 3}.example,{Maybe("T")},{Maybe("+43 1 2")},"
            + $"{Maybe("City ")},Firm {person % 3},https://c{person % 3}.example,{Maybe("I")}\n";
    }));

    static Task<string> Person(TestWorkspace test, string email) => test.Ask<string>(
        """
        select concat_ws('|', c.full_name, coalesce(c.title, '-'), coalesce(c.phone, '-'),
            coalesce(c.city, '-'), coalesce(f.name, '-'))
        from contacts c left join companies f on f.id = c.company_id where c.email = @email
        """,
        new { email });

    static Task<string> Companies(TestWorkspace test) => test.Ask<string>(
        "select string_agg(name || ':' || coalesce(industry, '-'), ', ' order by name) from companies");

    static async Task<string> Everything(TestWorkspace test)
    {
        var companies = await test.List<string>(
            "select concat_ws('|', name, match_name, domain, industry, website) from companies order by 1");
        var contacts = await test.List<string>(
            """
            select concat_ws('|', c.email_key, c.full_name, c.title, c.phone, c.city, co.name, l.state,
                lc.name, s.name_key, s.company_key)
            from contacts c left join leads l on l.contact_id = c.id
            left join companies co on co.id = c.company_id
            left join companies lc on lc.id = l.company_id
            left join lead_listing s on s.lead_id = l.id order by 1
            """);
        return string.Join('\n', companies.Concat(contacts));
    }
}
