using System.Runtime.Versioning;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Ranking;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class WaterfallTests : IAsyncLifetime
{
    readonly HastyTime time = new();
    KnownPeople known = null!;
    TestWorkspace test = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        known = await KnownPeople.Start();
        test = await TestWorkspace.Create(time, providers: known.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await test.DisposeAsync();
        await known.DisposeAsync();
    }

    [Fact]
    public async Task The_first_good_answer_wins_and_the_rest_is_not_asked()
    {
        await Connect("hunter");
        await Connect("people_data_labs");
        var lead = await Add("Ann");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal("ann@client.example", detail.Contact.Email);
        Assert.Equal(("computer software", 90, "germany"),
            (detail.Company!.Industry, detail.Company.EmployeeCount, detail.Company.Country));
        // Each is asked first for what it does best: the address is Hunter's, the rest the other's.
        Assert.Equal((1, 1, 1, 0), (
            known.CountOf("email-finder"), known.CountOf("person/enrich"), known.CountOf("company/enrich"),
            known.CountOf("/hunter/v2/companies")));
        Assert.Equal("chief technology officer", detail.Contact.Title);
        Assert.Equal("valid", AddressCheck.Of(detail.Contact.Email, detail.Facts)!.State);
        var fact = detail.Facts.Single(fact => fact.Field == "title");
        Assert.Equal(("people_data_labs", 0.9f), (fact.Provider, fact.Confidence));
        Assert.NotNull(fact.RawRecordId);
        Assert.Equal(LeadState.Enriched, detail.Lead.State);
    }

    [Fact]
    public async Task The_order_of_the_user_is_kept_and_who_is_skipped_is_not_asked()
    {
        await Connect("hunter");
        await Connect("people_data_labs");
        var connected = await test.Get<Integrations>().List(test.Id, Cancel);
        await test.Get<Waterfalls>().Move(
            test.Id, FieldSet.Email, "people_data_labs", -1, connected, "test", Cancel);
        await test.Get<Waterfalls>()
            .Ask(test.Id, FieldSet.Company, "people_data_labs", false, "test", Cancel);
        var lead = await Add("Ann");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal("ann@pdl.example", detail.Contact.Email);
        Assert.Equal((0, 1, 0), (
            known.CountOf("email-finder"), known.CountOf("companies/find"), known.CountOf("company/enrich")));
        // An address nobody vouched for is checked before it is used.
        Assert.Equal(1, known.CountOf("email-verifier"));
    }

    [Fact]
    public async Task A_question_asked_twice_is_paid_once()
    {
        await Connect("hunter");
        for (var number = 1; number <= 6; number++) await Add($"Ann{number}");
        await Enrich();
        await Enrich();
        Assert.Equal(6, await test.Ask<long>("select count(*) from leads where state = 'enriched'"));
        Assert.Equal(1, known.CountOf("companies/find"));
        Assert.Equal(known.Paid.Distinct().Count(), known.Paid.Count);
        await test.Do("delete from facts");
        await test.Do("update contacts set email = null, email_key = null");
        await test.Do("update leads set state = 'new'");
        var paid = known.Paid.Count;
        await Enrich();
        Assert.Equal(paid, known.Paid.Count);
        Assert.Equal(6, await test.Ask<long>("select count(*) from contacts where email is not null"));
        // After its time an answer is asked for again.
        time.Advance(TimeSpan.FromDays(91));
        await test.Do("update companies set industry = null");
        await test.Do("update contacts set email = null, email_key = null");
        await test.Do("update leads set state = 'new'");
        await Enrich();
        Assert.Equal(paid * 2, known.Paid.Count);
    }

    [Fact]
    public async Task A_dead_address_is_passed_over_for_the_next_finder()
    {
        await Connect("hunter");
        await Connect("people_data_labs");
        known.HunterIsSure = null;
        known.HunterChecks = email => email.EndsWith("client.example", StringComparison.Ordinal)
            ? "invalid"
            : "valid";
        var lead = await Add("Ann");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal("ann@pdl.example", detail.Contact.Email);
        Assert.Equal(["hunter", "people_data_labs"],
            detail.Facts.Where(fact => fact.Field == "email").Select(fact => fact.Provider).Order());
    }

    [Fact]
    public async Task A_dead_address_of_the_record_is_suppressed_before_anything_is_sent()
    {
        await Connect("hunter");
        known.HunterChecks = _ => "invalid";
        var lead = await Add("Ann", "ann@client.example");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal("invalid", detail.Suppression);
        Assert.Equal(0, known.CountOf("email-finder"));
        Assert.Equal(0, detail.Quality.Parts.Single(part => part.Name == "Address").Points);
    }

    [Fact]
    public async Task Who_objected_is_suppressed_and_never_asked_about_again()
    {
        await Connect("hunter");
        await Connect("people_data_labs");
        known.Objected.Add("Ann");
        var lead = await Add("Ann");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal((LeadState.Rejected, "objected"), (detail.Lead.State, detail.Lead.RejectReason));
        Assert.Equal(0, known.CountOf("person/enrich"));
        await test.Do("update leads set state = 'new', reject_reason = null");
        time.Advance(TimeSpan.FromDays(1000));
        await Enrich();
        Assert.Equal(1, known.CountOf("email-finder"));
        Assert.Equal(LeadState.Rejected, (await Get(lead)).Lead.State);
    }

    [Fact]
    public async Task Who_objected_and_has_an_address_is_on_the_list_of_suppressions()
    {
        await Connect("hunter");
        known.Server.Responder = _ => RecordedAnswer.Json(
            """{"errors":[{"id":"claimed_email","code":451,"details":"objected"}]}""", 451);
        var lead = await Add("Ann", "ann@client.example");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal((LeadState.Rejected, "refused"), (detail.Lead.State, detail.Suppression));
    }

    [Fact]
    public async Task Spending_stops_at_the_budget_and_goes_on_the_next_day()
    {
        await Connect("hunter", budget: 3);
        for (var number = 1; number <= 5; number++) await Add($"Ann{number}");
        // A company and five addresses cost a credit each; who is not found costs nothing.
        var days = 0;
        do
        {
            await Enrich();
            await Enrich();
            Assert.InRange(known.CountOf("email-finder") + known.CountOf("companies/find"), 1, 3 * ++days);
            Assert.InRange(await test.Ask<decimal>("select max(spent) from provider_spending"), 1, 3);
            Assert.Equal(5, await test.Ask<long>("select count(*) from leads where state = 'enriched'"));
            time.Advance(TimeSpan.FromDays(1));
        }
        while (await test.Ask<long>("select count(*) from enrichment_gaps") > 0 && days < 6);

        Assert.InRange(days, 2, 5);
        Assert.Equal(0, await test.Ask<long>("select count(*) from enrichment_gaps"));
        Assert.Equal(5, await test.Ask<long>("select count(*) from contacts where email is not null"));
        Assert.Equal(known.Paid.Distinct().Count(), known.Paid.Count);
    }

    [Fact]
    public async Task A_question_whose_asker_died_may_have_been_paid_and_is_not_asked_again()
    {
        await Connect("hunter");
        await Connect("people_data_labs");
        var lead = await Add("Ann");
        await Enrich();
        // As a killed process leaves it: asked, no answer kept, and nothing learned.
        await test.Do("delete from facts");
        await test.Do(
            "update contacts set email = null, email_key = null, title = null, linkedin_url = null");
        await test.Do("update leads set state = 'new'");
        await test.Do(
            """
            update provider_questions set state = 'asking', owner = 999999, answer = null
            where operation = 'email_finder'
            """);
        await Enrich();
        Assert.Equal(1, known.CountOf("email-finder"));
        Assert.Equal("ann@pdl.example", (await Get(lead)).Contact.Email);
        Assert.Equal("lost", await test.Ask<string>(
            "select state from provider_questions where operation = 'email_finder'"));
        // A person may decide to pay again.
        Assert.Equal(1, await test.Get<Questions>().ForgetLost(test.Id, "hunter", Cancel));
    }

    [Fact]
    public async Task A_lost_connection_is_no_free_repeat()
    {
        await Connect("hunter");
        var lead = await Add("Ann");
        known.Server.Fault("/hunter/v2/email-finder", ProviderFault.Reset);
        await Enrich();
        await Enrich();
        Assert.Equal(1, known.CountOf("email-finder"));
        Assert.Null((await Get(lead)).Contact.Email);
    }

    [Fact]
    public async Task A_refusal_that_cost_nothing_is_asked_again_later()
    {
        await Connect("hunter");
        var lead = await Add("Ann");
        known.Server.Fault("/hunter/v2/email-finder", ProviderFault.ServerError);
        await Enrich();
        Assert.Equal(1, await test.Ask<long>("select count(*) from enrichment_gaps"));
        known.Server.Behave();
        time.Advance(TimeSpan.FromMinutes(30));
        await Enrich();
        Assert.Equal("ann@client.example", (await Get(lead)).Contact.Email);
    }

    [Fact]
    public async Task Providers_that_disagree_are_both_kept_and_the_record_is_not_overwritten()
    {
        await Connect("people_data_labs");
        var lead = await Add("Ann", title: "Head of Engineering");
        await test.Do("update companies set industry = 'Logistics'");
        await Enrich();
        var detail = await Get(lead);
        Assert.Equal(("Head of Engineering", "Logistics"), (detail.Contact.Title, detail.Company!.Industry));
        Assert.Contains(detail.Facts, fact => fact is { Field: "title", Provider: "people_data_labs" });
        Assert.Equal(90, detail.Company.EmployeeCount);
    }

    [Fact]
    public async Task A_work_history_is_kept_and_speaks_to_the_ranking()
    {
        await Connect("people_data_labs");
        var lead = await Add("Ann");
        await Enrich();

        var fact = (await Get(lead)).Facts.Single(fact => fact.Field == HeldPosition.Field);
        Assert.Equal(
            "chief technology officer, client, since 2024-03; engineer, other, 2019 to 2024-02-28; "
            + "adviser, club", HeldPosition.InWords(fact.Value));
        var row = (await test.Database.InWorkspace(
            test.Id, session => KnownLeadStore.List(session, [lead], Cancel), Cancel)).Single();
        var facts = FeatureBuilder.Facts(row, time.GetUtcNow().UtcDateTime);
        Assert.True(facts.Profile!.IsWorkHistoryOnly);
        Assert.Equal(
            [("chief technology officer", new YearMonth(2024, 3), null),
                ("engineer", new YearMonth(2019), new YearMonth(2024, 2))],
            facts.Profile.Positions.Select(held => (held.Title!, held.Start!, held.End)));
        Assert.Equal([new SignalFact("new_role", new DateOnly(2024, 3, 1))], facts.Signals!);
        // What was learned after the moment of the example explains nothing.
        Assert.Null(FeatureBuilder.Facts(row, time.GetUtcNow().UtcDateTime.AddYears(-1)).Profile);
    }

    async Task Connect(string provider, decimal? budget = null) => await test.Get<Integrations>().Connect(
        test.Id, provider, new Dictionary<string, string?> { ["api_key"] = "the-secret" }, budget, "test",
        Cancel);

    async Task<long> Add(string first, string? email = null, string? title = null) =>
        (await test.Get<AddLead>().Run(
            test.Id,
            new Contact
            {
                FullName = $"{first} Number", FirstName = first, LastName = "Number", Email = email,
                Title = title,
            },
            new Company { Name = "Client", Website = "https://client.example" }, Cancel)).LeadId!.Value;

    async Task Enrich()
    {
        while (await test.Get<EnrichLeads>().RunBatch(test.Id, test.Node.Id, Cancel) > 0) { }
    }

    Task<LeadDetail> Get(long lead) => test.Get<Leads>().Get(test.Id, lead, Cancel);
}
