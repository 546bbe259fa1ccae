using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class SetupFirstTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/settings")]
    [InlineData("/no-such-page")]
    public async Task While_unclaimed_every_page_leads_to_setup(string path)
    {
        using var visitor = new Visitor(app.Address);
        using var answer = await visitor.Get(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/setup", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_api_says_what_to_do()
    {
        using var visitor = new Visitor(app.Address);
        using var answer = await visitor.GetJson("/api/v1/me");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("overture setup-link", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Without_the_link_setup_shows_no_form()
    {
        using var visitor = new Visitor(app.Address);
        foreach (var path in new[] { "/setup", "/setup?token=guessed" })
        {
            using var answer = await visitor.Get(path);
            Assert.DoesNotContain("workspace_name", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_link_works_once_within_a_day_and_a_new_one_ends_it()
    {
        await using var database = await TestDatabase.Create();
        var time = new ManualTime();
        var claims = new SetupClaims(database.Database, new SignIns(database.Database, time), time);
        var first = await claims.NewToken(default);
        var second = await claims.NewToken(default);
        Assert.False(await claims.IsOpen(first, default));
        Assert.True(await claims.IsOpen(second, default));

        time.Advance(SetupClaims.LinkLife);
        Assert.False(await claims.IsOpen(second, default));
        await Refused("setup_link_closed", () => claims.Claim(second, RunningApp.Owner, default));

        var third = await claims.NewToken(default);
        await claims.Claim(third, RunningApp.Owner, default);
        await Refused("already_claimed", () => claims.NewToken(default));
        await Refused("setup_link_closed", () => claims.Claim(third, RunningApp.Owner, default));
    }

    [Fact]
    public async Task Two_at_once_make_one_owner()
    {
        await using var database = await TestDatabase.Create();
        var claims = new SetupClaims(
            database.Database, new SignIns(database.Database, TimeProvider.System), TimeProvider.System);
        var token = await claims.NewToken(default);

        var both = await Task.WhenAll(Attempt("ada@example.com"), Attempt("eve@example.com"));

        Assert.Single(both, succeeded => succeeded);

        async Task<bool> Attempt(string email)
        {
            try
            {
                await claims.Claim(token, RunningApp.Owner with { Email = email }, default);
                return true;
            }
            catch (RuleBroken)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_workspace_made_before_the_claim_becomes_the_owners()
    {
        await using var database = await TestDatabase.Create();
        var signIns = new SignIns(database.Database, TimeProvider.System);
        var claims = new SetupClaims(database.Database, signIns, TimeProvider.System);
        var workspaces = new Workspaces(database.Database, TimeProvider.System);
        var id = await workspaces.Add("Demo", "UTC", default);

        var token = await claims.Claim(await claims.NewToken(default), RunningApp.Owner, default);

        Assert.Equal(id, (await signIns.Find(token, default))!.WorkspaceId);
        Assert.Equal("Example Outreach", (await workspaces.All(default)).Single().Name);
    }

    static async Task Refused(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RuleBroken>(act)).Code);
}
