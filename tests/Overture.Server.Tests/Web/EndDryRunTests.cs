using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Server.Startup;

namespace Overture.Server.Tests.Web;

[SupportedOSPlatform("linux")]
public sealed class EndDryRunTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Whoever_ends_the_dry_run_is_told_who_would_get_a_second_letter_without_the_first()
    {
        const string warning = "are sent the next step without ever having got the earlier ones";
        // The demo's workspace falls to the first owner, as after “overture serve --demo”.
        await app.Services.GetRequiredService<DemoRun>().RunHere(default);
        using var owner = new Visitor(app.Address);
        owner.SetCookie("overture", await app.Claim());

        var page = await Settings(owner);
        Assert.Contains(warning, page, StringComparison.Ordinal);
        Assert.Contains("“Hello from the demo” (200 people)", page, StringComparison.Ordinal);
    }

    static async Task<string> Settings(Visitor visitor)
    {
        using var page = await visitor.Get("/settings");
        return WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
    }
}
