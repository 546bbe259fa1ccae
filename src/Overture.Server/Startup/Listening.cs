using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>Where and how strictly Kestrel listens.</summary>
static class Listening
{
    const long LargestBodyBytes = 1024 * 1024;
    const int LargestHeadersBytes = 16 * 1024;
    const int MostHeaders = 64;
    const int MostConnections = 2_000;
    const int MostUpgradedConnections = 500;
    static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(60);
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    public static void AddListening(this WebApplicationBuilder builder, OvertureOptions options)
    {
        builder.WebHost.UseUrls(options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeadersBytes;
            kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MostUpgradedConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = KeepAliveTimeout;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in OptionsReader.Proxies(options))
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        });
    }

    /// <summary>
    /// Believes X-Forwarded headers from the named proxies, and from nobody when none is named.
    /// </summary>
    public static void UseForwardedAddress(this WebApplication app)
    {
        if (OptionsReader.Proxies(app.Services.GetRequiredService<OvertureOptions>()).Length > 0)
            app.UseForwardedHeaders();
    }
}
