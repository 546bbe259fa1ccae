using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class UndoImportTests
{
    const string Three =
        "Name,E-mail,Job title,Company,Website\nAnn,ann@a.example,CTO,Acme,https://a.example\n"
        + "Bo,bo@b.example,CEO,Beta,https://b.example\nCy,cy@b.example,CFO,Beta,https://b.example\n";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_left_of_an_import_that_nobody_used()
    {
        await using var test = await TestWorkspace.Create();
        var import = await test.Import(Three);
        Assert.Equal("Ann, Bo, Cy", await test.Names());

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, import, Cancel);
        var done = await test.Undo(import);

        Assert.Equal(
            new UndoForecast { LeadsRemoved = 3, ContactsRemoved = 3, CompaniesRemoved = 2 },
            forecast with { HeldBy = [] });
        Assert.Equal(
            new UndoImport.Summary { LeadsRemoved = 3, ContactsRemoved = 3, CompaniesRemoved = 2 },
            done with { HeldBy = [] });
        Assert.Equal("", await test.Names());
        Assert.Equal(0, await test.Ask<long>(
            "select (select count(*) from contacts) + (select count(*) from companies) "
            + "+ (select count(*) from lead_listing)"));
        Assert.Equal(ImportState.Undone, (await test.Get<Imports>().Get(test.Id, import, Cancel)).State);
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Who_was_written_to_stays_and_the_others_go()
    {
        await using var test = await TestWorkspace.Create();
        var import = await test.Import(Three);
        await test.Start(await test.AddMailbox(), TestWorkspace.Email());
        await test.Do(
            "update leads set state = 'rejected', reject_reason = 'no' "
            + "where contact_id <> (select id from contacts where full_name = 'Bo')");
        await test.Write();
        Assert.Equal(1, await test.Ask<long>("select count(*) from enrollments"));

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, import, Cancel);
        var done = await test.Undo(import);

        Assert.Equal((2, 2, 1, 1, 1), (forecast.LeadsRemoved, forecast.ContactsRemoved, forecast.ContactsKept,
            forecast.CompaniesRemoved, forecast.CompaniesKept));
        Assert.Equal((2, 2, 1, 1),
            (done.LeadsRemoved, done.ContactsRemoved, done.ContactsKept, done.CompaniesRemoved));
        Assert.Equal("Bo", await test.Names());
        Assert.Equal("Beta", await test.Ask<string>("select string_agg(name, ', ') from companies"));
        Assert.Equal(1, await test.Ask<long>("select count(*) from enrollments where state = 'active'"));
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Who_was_known_before_holds_again_what_was_held_except_what_was_changed_since()
    {
        await using var test = await TestWorkspace.Create();
        await test.Import("Name,E-mail,Job title,City\nAnn,ann@a.example,Engineer,Graz\n");
        var import = await test.Import(
            "Name,E-mail,Job title,City,Phone\nAnn Lee,ann@a.example,CTO,Wels,+43 1 23\n",
            DuplicateRule.Overwrite);
        Assert.Equal("Ann Lee, CTO, Wels, +43 1 23", await Ann(test));
        await test.Do("update contacts set title = 'Chief'");

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, import, Cancel);
        var done = await test.Undo(import);

        Assert.Equal((0, 0, 1), (forecast.LeadsRemoved, forecast.ContactsRemoved, forecast.ContactsChanged));
        Assert.Equal((0, 0, 1), (done.LeadsRemoved, done.ContactsRemoved, done.ContactsRestored));
        Assert.Equal("Ann, Chief, Graz, none", await Ann(test));
    }

    [Fact]
    public async Task Somebody_who_was_merged_with_another_is_not_taken_away_with_the_file()
    {
        await using var test = await TestWorkspace.Create();
        var import = await test.Import(
            "Name,E-mail,Company,Website\nAnn,a1@a.example,Acme,https://a.example\n");
        await test.Import("Name,E-mail,Company,Website\nAnn,a2@a.example,Acme,https://a.example\n");
        var pair = (await test.Get<Duplicates>().List(test.Id, null, 10, Cancel)).Rows.Single();
        await test.Get<Duplicates>().Merge(test.Id, pair.Id, "Ada", Cancel);

        var forecast = await test.Get<Imports>().ForecastUndo(test.Id, import, Cancel);
        await test.Undo(import);

        Assert.Equal((0, 1), (forecast.ContactsRemoved, forecast.ContactsKept));
        Assert.Equal("Ann", await test.Names());
    }

    [Fact]
    public async Task An_import_is_undone_once_and_within_thirty_days_only()
    {
        var time = new ManualTime();
        await using var test = await TestWorkspace.Create(time);
        var early = await test.Import(Three);
        var late = await test.Import("Name,E-mail\nDi,di@d.example\n");
        var old = time.GetUtcNow().UtcDateTime - ForgetImports.KeptFor - TimeSpan.FromMinutes(1);
        await test.Do("update imports set created_at = @old where id = @early", new { early, old });
        await test.Get<ForgetImports>().Run(Cancel);

        Assert.Equal("This import is older than thirty days and can no longer be undone.",
            await Refusal(test, early));
        Assert.Equal("Ann, Bo, Cy, Di", await test.Names());
        await test.Undo(late);
        Assert.Equal("This import has been undone already.", await Refusal(test, late));
        Assert.Equal("Ann, Bo, Cy", await test.Names());
        Assert.NotNull((await test.Get<Imports>().Get(test.Id, early, Cancel)).Report);
    }

    static async Task<string> Refusal(TestWorkspace test, long import)
    {
        var imports = test.Get<Imports>();
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => imports.Undo(test.Id, import, "Ada", Cancel));
        var told = await Assert.ThrowsAsync<RuleBroken>(
            () => imports.ForecastUndo(test.Id, import, Cancel));
        Assert.Equal(refused.Sentence, told.Sentence);
        return refused.Sentence;
    }

    static Task<string> Ann(TestWorkspace test) => test.Ask<string>(
        "select concat_ws(', ', full_name, title, city, coalesce(phone, 'none')) from contacts");
}
