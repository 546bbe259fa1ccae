using Overture.Providers.Hunter;
using Overture.Providers.Outbound;
using Overture.Testing;

namespace Overture.Providers.Tests.Contracts;

public sealed class HunterTests : IDisposable
{
    readonly TestOutbound outbound = new();

    public void Dispose() => outbound.Dispose();

    [Fact]
    public async Task A_domain_search_gives_people_company_and_costs()
    {
        await using var server = await TestOutbound.Server();

        var found = await Client(server).DomainSearch("stripe.com", 10);

        var patrick = found.Value.Items[0];
        Assert.Equal(
            ("Patrick Collison", "CEO", "executive"), (patrick.FullName, patrick.Title, patrick.Seniority));
        Assert.Equal(new("patrick@stripe.com", "work", Deliverability.Valid, 0.99, patrick.Emails[0].Sources),
            patrick.Emails[0]);
        Assert.Equal("https://www.linkedin.com/in/patrickcollison", patrick.LinkedInUrl);
        Assert.Equal(("Stripe", "stripe.com", "5001-10000", "{first}"), (
            patrick.Company!.Name, patrick.Company.Domain, patrick.Company.EmployeeRange,
            patrick.Company.EmailPattern));
        Assert.Equal(("generic", Deliverability.Risky),
            (found.Value.Items[1].Emails[0].Kind, found.Value.Items[1].Emails[0].State));
        Assert.Equal("secret-key", server.Requests[0].Headers["X-API-KEY"]);
        Assert.DoesNotContain("secret-key", server.Requests[0].Query, StringComparison.Ordinal);
        Assert.Equal(1, outbound.Budget.SpentToday("hunter"));
    }

    [Fact]
    public async Task Old_answers_are_read_as_well()
    {
        await using var server = await TestOutbound.Server();
        server.Play("hunter", "legacy-doc-domain-search.json");
        var found = await Client(server).DomainSearch("intercom.io");
        Assert.Equal("ciaran@intercom.io", found.Value.Items[0].Emails[0].Address);
        Assert.Equal("http://github.com/ciaranlee", found.Value.Items[0].Emails[0].Sources![0]);
        Assert.Equal(found.Value.Items.Count < found.Value.Total, found.Value.Next is not null);

        server.Play("hunter", "legacy-doc-email-verifier.json");
        var check = await Client(server).Verify("steli@close.io");
        Assert.Equal((Deliverability.Valid, 0.91), (check.Value.State, check.Value.Score));

        server.Play("hunter", "legacy-doc-email-count.json");
        Assert.True((await Client(server).EmailCount("x.example")).Value["total"] > 0);

        server.Play("hunter", "legacy-doc-account-info.json");
        Assert.NotNull((await Client(server).Account()).Value.Plan);
    }

    [Fact]
    public async Task A_finder_without_an_address_found_nobody_and_costs_nothing()
    {
        await using var server = await TestOutbound.Server();
        var person = new PersonQuery { FirstName = "Patrick", LastName = "Collison", Domain = "stripe.com" };

        var found = await Client(server).FindEmail(person);
        server.Play("hunter",
            RecordedAnswer.Json("""{"data":{"email":null,"score":null,"domain":"stripe.com"}}"""));
        var nobody = await Client(server).FindEmail(person);

        Assert.Equal("patrick@stripe.com", found.Value.Emails[0].Address);
        Assert.Equal(FailureKind.NotFound, nobody.Failure!.Kind);
        Assert.Equal(1, outbound.Budget.SpentToday("hunter"));
    }

    [Fact]
    public async Task A_check_that_takes_longer_is_pending()
    {
        await using var server = await TestOutbound.Server();
        server.Play("hunter", "email-verifier-202-then-200-constructed.json");

        var first = await Client(server).Verify("slow@example.com");
        var second = await Client(server).Verify("slow@example.com");

        Assert.Equal(
            (FailureKind.Pending, true), (first.Failure!.Kind, first.Failure.RetryAfter > TimeSpan.Zero));
        Assert.Equal((Deliverability.Risky, true), (second.Value.State, second.Value.IsCatchAll));
    }

    [Theory]
    [InlineData(400, FailureKind.InvalidRequest, 1)]
    [InlineData(401, FailureKind.Unauthorised, 1)]
    [InlineData(403, FailureKind.RateLimited, 4)]
    [InlineData(404, FailureKind.NotFound, 1)]
    [InlineData(429, FailureKind.QuotaExhausted, 1)]
    [InlineData(451, FailureKind.Blocked, 1)]
    [InlineData(222, FailureKind.Unavailable, 4)]
    public async Task Hunters_own_meaning_of_codes_is_kept(int code, FailureKind kind, int attempts)
    {
        await using var server = await TestOutbound.Server();
        server.Play("hunter",
            RecordedAnswer.Json("""{"errors":[{"id":"x","code":1,"details":"The reason."}]}""", code));

        var result = await Client(server).Verify("a@example.com");

        Assert.Equal(kind, result.Failure!.Kind);
        Assert.Equal(attempts, server.Requests.Count);
        if (code != 222) Assert.Contains("The reason.", result.Failure.Sentence, StringComparison.Ordinal);
        Assert.Equal(0, outbound.Budget.SpentToday("hunter"));
    }

    HunterClient Client(ProviderServer server) => new(
        new HunterOptions { BaseUrl = new(server.Url, "hunter/v2"), ApiKey = "secret-key" }, outbound.Http);
}
