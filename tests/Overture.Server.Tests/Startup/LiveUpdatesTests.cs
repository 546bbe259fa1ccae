using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Model;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class LiveUpdatesTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_page_hears_of_its_own_workspace_and_of_no_other()
    {
        var workspaces = app.Services.GetRequiredService<Workspaces>();
        var other = await workspaces.Add("Another team", "UTC", default);
        var mine = (await workspaces.All(default))[0].Id;
        using var visitor = app.SignedIn();
        using var stream = await visitor.GetJson("/live");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: beat", await reader.ReadLineAsync());

        await workspaces.SetDryRun(other, false, default);
        await workspaces.SetDryRun(mine, true, default);

        Assert.Equal($"data: {mine}", await DataOf("event: workspace", reader));
    }

    [Fact]
    public async Task The_stream_ends_soon_after_sign_out()
    {
        var signIns = app.Services.GetRequiredService<SignIns>();
        var token = await signIns.SignIn(
            RunningApp.OwnerEmail, RunningApp.OwnerPassword, default);
        using var visitor = app.Stranger();
        visitor.SetCookie("overture", token);
        using var stream = await visitor.GetJson("/live");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        var started = TimeProvider.System.GetTimestamp();

        await signIns.SignOut(token, default);
        while (await reader.ReadLineAsync() is not null)
        {
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    static async Task<string?> DataOf(string eventLine, StreamReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
            if (line == eventLine) return await reader.ReadLineAsync(patience.Token);
        return null;
    }
}
