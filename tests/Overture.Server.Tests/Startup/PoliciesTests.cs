using System.Net;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Overture.Server.Startup;

namespace Overture.Server.Tests.Startup;

[SupportedOSPlatform("linux")]
public sealed class PoliciesTests(ClaimedApp app) : IClassFixture<ClaimedApp>
{
    static readonly string[] OpenToEverybody =
    [
        "/c/{token}", "/health", "/health/live", "/health/ready", "/login", "/o/{token}", "/setup", "/theme",
        "/u/{token}", "/u/{token}/later",
    ];

    IEnumerable<RouteEndpoint> Endpoints => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>();

    [Fact]
    public void Only_the_named_endpoints_are_open_to_everybody()
    {
        var open = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);

        Assert.Equal(OpenToEverybody, open.Select(Path).Distinct().Order());
    }

    [Fact]
    public void Every_other_endpoint_names_its_policy()
    {
        string[] policies = [Policies.Viewer, Policies.Member, Policies.Admin];

        var nameless = Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Where(endpoint => !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()
                .Any(authorize => policies.Contains(authorize.Policy)));

        Assert.Empty(nameless.Select(Path));
    }

    [Fact]
    public async Task A_stranger_reaches_none_of_them()
    {
        var guarded = Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).ToList();
        Assert.NotEmpty(guarded);
        using var visitor = app.Stranger();
        foreach (var endpoint in guarded)
        {
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            var path = Path(endpoint).Replace("{id:long}", "1").Replace("{documentName}", "v1");
            using var answer = await visitor.Send(
                new HttpMethod(method), path, null, ("Accept", "application/json"),
                ("Sec-Fetch-Site", "same-origin"));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized,
                $"{method} {path} answered {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_reference_page_is_not_an_endpoint_and_still_closed()
    {
        using var visitor = app.Stranger();
        using var answer = await visitor.GetJson("/docs/index.html");
        using var member = app.SignedIn();
        using var allowed = await member.Get("/docs/index.html");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task A_stranger_with_a_browser_is_led_to_the_door_and_back()
    {
        using var visitor = app.Stranger();
        using var answer = await visitor.Get("/settings?tab=keys");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/login?back=%2Fsettings%3Ftab%3Dkeys", answer.Headers.Location!.ToString());
    }

    static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText?.Trim('/');
}
