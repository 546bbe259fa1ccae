using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Overture.Providers.Crawler;
using Overture.Providers.Outbound;

namespace Overture.Providers.Tests.Crawler;

public sealed class SiteCrawlerTests : IAsyncDisposable
{
    readonly TestOutbound outbound = new();
    readonly Dictionary<string, (int Code, string Type, string Body)> site = new(StringComparer.Ordinal);
    readonly List<string> asked = [];
    readonly WebApplication app;

    public SiteCrawlerTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(Answer);
    }

    public async ValueTask DisposeAsync()
    {
        outbound.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Robots_are_asked_first_and_obeyed()
    {
        site["/robots.txt"] = (200, "text/plain", "User-agent: *\nDisallow: /team\nCrawl-delay: 7");
        site["/"] = Html("<a href='/team'>Team</a><a href='/contact'>Contact</a>");
        site["/team"] = Html("secret@acme.example");
        site["/contact"] = Html("info@acme.example");

        var facts = (await Visit()).Value;

        Assert.Equal(["/robots.txt", "/", "/contact"], asked);
        Assert.Equal(["info@acme.example"], facts.Emails.Select(found => found.Email.Address));
        Assert.Equal("/team", Assert.Single(facts.Refused).AbsolutePath);
        Assert.Contains(outbound.Skipping.Pauses, pause => pause >= TimeSpan.FromSeconds(6.5));
    }

    [Fact]
    public async Task A_site_without_robots_is_read_up_to_the_limit()
    {
        site["/"] = Html(string.Concat(Enumerable.Range(0, 50).Select(i => $"<a href='/p{i}'>x</a>")));
        for (var i = 0; i < 50; i++) site[$"/p{i}"] = Html($"p{i}@acme.example");

        var facts = (await Visit()).Value;

        Assert.Equal(8, facts.Pages.Count);
        Assert.Equal(9, asked.Count);
        Assert.All(outbound.Skipping.Pauses.Where(p => p > TimeSpan.FromSeconds(1)), p =>
            Assert.InRange(p.TotalSeconds, 1.5, 2.1));
    }

    [Fact]
    public async Task A_site_whose_robots_fail_is_left_alone()
    {
        site["/robots.txt"] = (500, "text/plain", "");
        site["/"] = Html("info@acme.example");

        var result = await Visit();

        Assert.Equal(FailureKind.Unavailable, result.Failure!.Kind);
        Assert.DoesNotContain("/", asked);
    }

    [Fact]
    public async Task Broken_and_foreign_pages_do_no_harm()
    {
        site["/"] = Html(
            "<a href='/contact'>Contact</a><a href='/gone'>x</a><a href='/data'>x</a>info@acme.example");
        site["/contact"] = (403, "text/html", "no");
        site["/data"] = (200, "application/octet-stream", "x@acme.example");

        var facts = (await Visit()).Value;

        Assert.Single(facts.Pages);
        Assert.Equal(3, facts.Failures.Count);
    }

    [Fact]
    public async Task A_contact_address_of_the_crawler_is_required()
    {
        var result = await new SiteCrawler(new CrawlerOptions(), outbound.Http)
            .Visit(new Uri("https://acme.example/"));

        Assert.Equal(FailureKind.NotConfigured, result.Failure!.Kind);
    }

    static (int, string, string) Html(string body) => (200, "text/html", "<body>" + body);

    async Task<ProviderResult<SiteFacts>> Visit()
    {
        await app.StartAsync();
        var crawler = new SiteCrawler(new CrawlerOptions { Contact = "crawler@acme.example" }, outbound.Http);
        return await crawler.Visit(new Uri(app.Urls.First() + "/"));
    }

    async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        lock (asked) asked.Add(path);
        Assert.Equal("OvertureBot/1.0 (+crawler@acme.example)", context.Request.Headers.UserAgent.ToString());
        var (code, type, body) = site.GetValueOrDefault(path, (404, "text/plain", ""));
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }
}
