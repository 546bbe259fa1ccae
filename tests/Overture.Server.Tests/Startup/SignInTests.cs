using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;
using Overture.Testing;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class SignInTests
{
    [Fact]
    public async Task The_cookie_is_httponly_lax_and_lasts_a_week()
    {
        await using var app = await Claimed();
        using var visitor = app.Stranger();
        using var answer = await visitor.SignIn(" ADA@example.com ", RunningApp.OwnerPassword);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(line =>
            line.StartsWith("overture=", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Matches(
            "^overture=[A-Za-z0-9_-]{43}; max-age=604800; path=/; samesite=lax; httponly$", cookie);
        using var page = await visitor.Get("/settings");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_read_the_same()
    {
        await using var app = await Claimed();
        using var visitor = app.Stranger();
        var answers = new List<string>();
        foreach (var email in new[] { RunningApp.OwnerEmail, "nobody@example.com" })
        {
            using var answer = await visitor.SignIn(email, "not the password at all");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var html = await answer.Content.ReadAsStringAsync();
            answers.Add(html[html.IndexOf("role=\"alert\"", StringComparison.Ordinal)..].Split("</div>")[0]);
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.False(visitor.Cookies.ContainsKey("overture"));
    }

    [Fact]
    public async Task The_eleventh_attempt_in_a_quarter_of_an_hour_is_refused_even_when_right()
    {
        await using var app = await Claimed();
        using var visitor = app.Stranger();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var wrong = await visitor.SignIn("nobody@example.com", "");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using var answer = await visitor.SignIn(RunningApp.OwnerEmail, RunningApp.OwnerPassword);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(
            answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task Sign_out_ends_the_sign_in_on_the_server_too()
    {
        await using var app = await Claimed();
        using var visitor = app.SignedIn();
        var token = await visitor.FormToken("/settings");
        using var gone = await visitor.PostForm("/logout", ("__RequestVerificationToken", token));
        Assert.Equal("/login", gone.Headers.Location!.ToString());

        using var thief = app.SignedIn();
        using var answer = await thief.GetJson("/api/v1/me");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_every_sign_in()
    {
        await using var app = await Claimed();
        var signIns = app.Services.GetRequiredService<SignIns>();
        var identity = await signIns.Find(app.OwnerToken, default);

        await signIns.ChangePassword(identity!, RunningApp.OwnerPassword, "an even quieter coda", default);

        Assert.Null(await signIns.Find(app.OwnerToken, default));
        Assert.NotNull(await signIns.SignIn(RunningApp.OwnerEmail, "an even quieter coda", default));
        await Assert.ThrowsAsync<RuleBroken>(() =>
            signIns.SignIn(RunningApp.OwnerEmail, RunningApp.OwnerPassword, default));
    }

    [Fact]
    public async Task A_sign_in_ends_after_twelve_idle_hours_and_after_a_week_in_any_case()
    {
        await using var database = await TestDatabase.Create();
        var time = new ManualTime();
        var signIns = new SignIns(database.Database, time);
        var claims = new SetupClaims(database.Database, signIns, time);
        var idle = await claims.Claim(await claims.NewToken(default), RunningApp.Owner, default);
        var busy = await signIns.SignIn(RunningApp.OwnerEmail, RunningApp.OwnerPassword, default);

        for (var hours = 11; hours < 7 * 24; hours += 11)
        {
            time.Advance(TimeSpan.FromHours(11));
            Assert.NotNull(await signIns.Find(busy, default));
        }

        Assert.Null(await signIns.Find(idle, default));
        time.Advance(TimeSpan.FromHours(4));
        Assert.Null(await signIns.Find(busy, default));
        Assert.Equal(2, await signIns.RemoveExpired(default));
    }

    static async Task<ClaimedApp> Claimed()
    {
        var app = new ClaimedApp();
        await app.InitializeAsync();
        return app;
    }
}
