using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Server.Api;
using Overture.Server.Configuration;
using Overture.Server.Public;
using Overture.Server.Web;

namespace Overture.Server.Startup;

/// <summary>The web server from start to end; each line is a file in this folder.</summary>
public static class WebHost
{
    /// <summary>Opens the database, says how to claim a new instance, and serves until cancelled.</summary>
    public static async Task Run(
        OvertureOptions options, NodeRoles roles, bool withDemo, Action<string> say, CancellationToken cancel)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddConsole());
        var log = logging.CreateLogger("Overture");
        await using var opened = await OpenedDatabase.OpenCurrent(options, log, TimeProvider.System, cancel);
        await using var app = Build(options, roles, opened.Database, TimeProvider.System);
        await app.StartAsync(cancel);
        if (withDemo) await app.Services.GetRequiredService<DemoRun>().Queue(cancel);
        say($"Overture serves {options.PublicAddress}");
        await SayHowToClaim(app.Services, options, say, cancel);
        await app.WaitForShutdownAsync(cancel);
    }

    public static WebApplication Build(
        OvertureOptions options, NodeRoles roles, Database database, TimeProvider time)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // The tests start this in their own process, so the name cannot come from the entry assembly.
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = WebRoot.Find(),
        });
        builder.Services.AddOverture(options, database, time);
        builder.AddListening(options);
        builder.AddKeyRing(options);
        builder.AddSignInSchemes();
        builder.AddFormGuard(options);
        builder.AddRequestLimits(options, time);
        builder.AddTroubleAnswers();
        builder.AddApiDocument();
        builder.Services.AddSingleton<EntityTags>();
        builder.Services.AddSingleton<DryRunVerbs>();
        builder.AddPages();
        builder.AddLiveUpdates();
        builder.AddWorkers(roles, database);
        var app = builder.Build();
        if (roles.Web) Arrange(app);
        else app.MapHealth();
        return app;
    }

    // The order is the order in which a request passes.
    static void Arrange(WebApplication app)
    {
        app.UseForwardedAddress();
        app.UseRequestIds();
        app.UseSafeHeaders();
        app.UseTroubleAnswers();
        app.UseAssets();
        app.UseRouting();
        app.UseSetupFirst();
        app.UseAuthentication();
        app.UseSameSiteOnly();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.Use(ImportUploadLimitAttribute.Guard);
        app.UseFormGuard();
        app.UseQueryWords();
        app.UseDryRuns();
        app.UseIdempotencyKeys();
        // Once more, so that a key keeps a refusal as it is told.
        app.UseTroubleAnswers();
        EntityTags.Use(app);
        app.UsePageState();
        app.MapHealth();
        app.MapApiDocument();
        app.MapLiveUpdates();
        app.MapImportActions();
        app.MapSignInActions();
        app.MapWorkspaceActions();
        app.MapPageParts();
        app.MapPageActions();
        app.MapApi();
        app.MapAliases();
        app.MapUnsubscribe();
        app.MapTracking();
        app.MapPages();
    }

    static async Task SayHowToClaim(
        IServiceProvider services, OvertureOptions options, Action<string> say, CancellationToken cancel)
    {
        var claims = services.GetRequiredService<SetupClaims>();
        if (await claims.IsClaimed(cancel)) return;
        say(SetupLink.Sentence(SetupLink.For(options, await claims.NewToken(cancel))));
    }
}
