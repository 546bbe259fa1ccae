using System.Net;
using System.Runtime.Versioning;

namespace Overture.Server.Tests.Cli;

[SupportedOSPlatform("linux")]
public sealed class UserCommandsTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    const string NewPassword = "another overture at dawn";

    [Fact]
    public async Task A_lost_password_is_replaced_and_ends_every_sign_in()
    {
        using var before = app.SignedIn();

        var run = await OvertureProcess.RunWith(
            NewPassword + "\n", app.ConnectionString, "user", "reset-password", "ADA@example.com");

        Assert.Equal((0, ""), (run.Exit, run.Errors));
        using var ended = await before.GetJson("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
        using var again = app.Stranger();
        using var old = await again.SignIn(RunningApp.OwnerEmail, RunningApp.OwnerPassword);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        using var wanted = await again.SignIn(RunningApp.OwnerEmail, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, wanted.StatusCode);
    }

    [Theory]
    [InlineData("nobody@example.com", NewPassword, 5, "overture user list")]
    [InlineData("ada@example.com", "short", 3, "12")]
    [InlineData("ada@example.com", "", 3, "OVERTURE_NEW_PASSWORD")]
    public async Task What_is_wrong_is_said(string email, string password, int exit, string sentence)
    {
        var run = await OvertureProcess.RunWith(
            password, app.ConnectionString, "user", "reset-password", email);

        Assert.Equal(exit, run.Exit);
        Assert.Contains(sentence, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_can_sign_in_is_listed_without_a_hash()
    {
        var run = await OvertureProcess.Run(app.ConnectionString, "user", "list", "--json");

        Assert.Equal(0, run.Exit);
        Assert.Contains("\"email\":\"ada@example.com\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"role\":\"owner\"", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_workspace_belongs_to_those_who_own_one_already()
    {
        var made = await OvertureProcess.Run(app.ConnectionString, "workspace", "create", "Second");
        var key = await OvertureProcess.Run(
            app.ConnectionString, "key", "create", "program", "--workspace", "Second");
        using var program = app.Stranger();
        using var me = await program.GetJson("/api/v1/me", ("Authorization", $"Bearer {key.Output.Trim()}"));

        Assert.Equal((0, 0), (made.Exit, key.Exit));
        Assert.Contains(
            "\"workspace_name\":\"Second\"", await me.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
