using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Configuration;
using Overture.Server.Startup;
using Overture.Testing;

namespace Overture.Server.Tests;

/// <summary>The real web server on a free port of loopback, over a database of its own.</summary>
[SupportedOSPlatform("linux")]
public class RunningApp : IAsyncLifetime
{
    public const string OwnerEmail = "ada@example.com";
    public const string OwnerPassword = "a quiet overture at dusk";
    public static readonly Owner Owner =
        new("Ada Example", OwnerEmail, OwnerPassword, "Example Outreach", "Europe/Vienna");

    readonly TestDatabase database = new();
    readonly string folder = Directory.CreateTempSubdirectory("overture-test-").FullName;
    WebApplication? app;

    public Database Database => database.Database;

    /// <summary>For a second process; holds the password.</summary>
    public string ConnectionString => database.ConnectionString;

    public IServiceProvider Services => app!.Services;

    /// <summary>Such as http://127.0.0.1:40123, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Requests one key may make; small in tests that run into it.</summary>
    protected virtual int ApiRequestLimit => 10_000;

    /// <summary>The root that stands in for all outside services; null = the services themselves.</summary>
    protected virtual Uri? ProvidersUrl => null;

    public virtual async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        var options = new OvertureOptions
        {
            Urls = "http://127.0.0.1:0",
            DataFolder = folder,
            SecretKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBox.KeyBytes)),
            ApiRequestLimit = ApiRequestLimit,
            ProvidersUrl = ProvidersUrl?.AbsoluteUri,
        };
        app = WebHost.Build(options, new NodeRoles(Web: true, Worker: false), Database, TimeProvider.System);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = addresses.Addresses.Single();
    }

    /// <summary>Makes the owner through the claim link and returns the cookie's token.</summary>
    public async Task<string> Claim()
    {
        var claims = Services.GetRequiredService<SetupClaims>();
        return await claims.Claim(await claims.NewToken(default), Owner, default);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (app is not null)
        {
            using var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
        }

        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
