using Overture.Providers.HubSpot;
using Overture.Providers.Lemlist;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class HubSpotLemlistTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Theory]
    [InlineData("2026-09", "/crm/objects/2026-09/contacts")]
    [InlineData("v3", "/crm/v3/objects/contacts")]
    public async Task HubSpot_contacts_are_listed_under_either_version(string version, string path)
    {
        await using var server = await TestOutbound.Server();

        var page = (await HubSpot(server, version).Contacts()).Value;

        Assert.EndsWith(path, server.Requests[0].Path, StringComparison.Ordinal);
        Assert.Equal("Bearer pat-secret", server.Requests[0].Headers["Authorization"]);
        Assert.Equal(3, page.Items.Count);
        Assert.Equal(("Updated TestUser", "test-contact-2026@example.com", "+1234567890"), (
            page.Items[0].FullName, page.Items[0].Emails[0].Address, page.Items[0].Phones[0]));
        Assert.Equal("2026-03-12T07:34:24.559Z", page.Items[0].More["lastmodifieddate"]);
    }

    [Fact]
    public async Task HubSpot_pages_companies_and_single_contacts_are_read()
    {
        await using var server = await TestOutbound.Server();

        var companies =
            (await HubSpot(server).SearchCompanies(new CompanySearch { CompanyName = "test" })).Value;
        var contact =
            (await HubSpot(server).EnrichPerson(new PersonQuery { ProviderId = "713492963559" })).Value;
        server.Play("hubspot", "search__contacts__1-first-page.json");
        var first = (await HubSpot(server).ContactsChangedSince(DateTimeOffset.UnixEpoch)).Value;
        server.Play("hubspot", "read-via-search__contacts-response.json");
        var bare = (await HubSpot(server).ContactsChangedSince(DateTimeOffset.UnixEpoch)).Value;

        Assert.Equal((55, "test2.com", "Boston"),
            (companies.Total, companies.Items[0].Domain, companies.Items[0].City));
        Assert.Equal("713492963559", contact.ProviderId);
        Assert.NotNull(first.Next);
        Assert.Equal("user-9fd2f5@example.com", bare.Items[0].Emails[0].Address);
        Assert.Null(bare.Items[0].FullName);
    }

    [Fact]
    public async Task HubSpot_waits_for_its_window_and_stops_at_the_daily_limit()
    {
        await using var server = await TestOutbound.Server();
        server.Play("hubspot", "rate-limit-429.json");
        var window = await HubSpot(server).Contacts();
        using var fresh = new TestOutbound();
        server.Play("hubspot",
            RecordedAnswer.Json("""{"status":"error","message":"Your daily limit.","policyName":"DAILY"}""",
                429));
        var daily = await HubSpot(server, other: fresh).Contacts();

        Assert.Equal((FailureKind.RateLimited, TimeSpan.FromSeconds(10)),
            (window.Failure!.Kind, window.Failure.RetryAfter));
        Assert.All(outbound.Skipping.Pauses.Where(pause => pause > TimeSpan.FromSeconds(5)), pause =>
            Assert.InRange(pause.TotalSeconds, 9.9, 11));
        Assert.Equal(FailureKind.QuotaExhausted, daily.Failure!.Kind);
    }

    [Fact]
    public async Task Lemlist_lists_of_all_shapes_are_read()
    {
        await using var server = await TestOutbound.Server();
        var client = Lemlist(server);

        var campaigns = (await client.Campaigns()).Value;
        var leads = (await client.Leads("cam_A1B2C3D4E5F6G7H8I9")).Value;
        var activities = (await client.Activities()).Value;
        var unsubscribes = (await client.Unsubscribes()).Value;

        Assert.Equal(("Insights Outreach 2024", "running", 1),
            (campaigns.Items[0].Title, campaigns.Items[0].State, campaigns.Total));
        Assert.Equal("lea_A1B2C3D4E5F6G7H8I9", leads.Items[0].ProviderId);
        var done = activities.Items[0];
        Assert.Equal(("manualDone", "support@lemlist.com", "Growth Engineer"),
            (done.Kind, done.Lead!.Emails[0].Address, done.Lead.Title));
        Assert.Equal("Technology", done.Lead.More["industry"]);
        Assert.Equal(("annotated", (PersonFacts?)null), (activities.Items[1].Kind, activities.Items[1].Lead));
        Assert.Equal(
            ("john.doe@example.com", "user"), (unsubscribes.Items[0].Value, unsubscribes.Items[0].Source));
        Assert.Equal("Basic OmtleQ==", server.Requests[0].Headers["Authorization"]);
    }

    [Fact]
    public async Task Lemlist_sentences_get_their_class()
    {
        await using var server = await TestOutbound.Server();
        server.Play("lemlist", "errors-text.json");
        List<FailureKind> kinds = [];
        for (var i = 0; i < 9; i++) kinds.Add((await Lemlist(server).Campaigns()).Failure!.Kind);
        server.Play("lemlist", "rate-limited-constructed.json");
        var limited = await Lemlist(server).Campaigns();

        Assert.Equal(
            [
                FailureKind.Unauthorised, FailureKind.Unauthorised, FailureKind.Unauthorised,
                FailureKind.Forbidden,
                FailureKind.Unauthorised, FailureKind.NotFound, FailureKind.InvalidRequest,
                FailureKind.InvalidRequest,
                FailureKind.NotFound,
            ], kinds);
        Assert.Equal((FailureKind.RateLimited, TimeSpan.FromSeconds(2)),
            (limited.Failure!.Kind, limited.Failure.RetryAfter));
    }

    HubSpotClient HubSpot(ProviderServer server, string version = "2026-09", TestOutbound? other = null) =>
        new(
        new HubSpotOptions { BaseUrl = new(server.Url, "hubspot"), AccessToken = "pat-secret",
            ApiVersion = version },
        (other ?? outbound).Http);

    LemlistClient Lemlist(ProviderServer server) => new(
        new LemlistOptions { BaseUrl = new(server.Url, "lemlist/api"), ApiKey = "key" }, outbound.Http);
}
