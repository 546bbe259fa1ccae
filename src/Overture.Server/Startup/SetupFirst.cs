using Overture.Core.Model;

namespace Overture.Server.Startup;

/// <summary>While nobody owns this instance every page leads to setup, and the API says so.</summary>
static class SetupFirst
{
    public static void UseSetupFirst(this WebApplication app)
    {
        var claims = app.Services.GetRequiredService<SetupClaims>();
        // Once claimed, always claimed: the question is never asked again.
        var claimed = false;
        app.Use(async (http, next) =>
        {
            if (!claimed) claimed = await claims.IsClaimed(http.RequestAborted);
            if (claimed || IsOpen(http.Request.Path)) await next(http);
            else if (TroubleAnswers.WantsPage(http.Request)) http.Response.Redirect("/setup");
            else await TroubleAnswers.Write(http, new(503, ExitCode.NeedsLogin, "setup_needed",
                "This instance has no owner yet. Open the link that “overture setup-link” prints."));
        });
    }

    static bool IsOpen(PathString path) =>
        path.StartsWithSegments("/setup", StringComparison.Ordinal)
        || path.StartsWithSegments("/health", StringComparison.Ordinal)
        || path.StartsWithSegments("/theme", StringComparison.Ordinal)
        || IsLinkInMail(path);

    // Whoever got a message may follow its links, whatever has become of the owner.
    static bool IsLinkInMail(PathString path) =>
        path.StartsWithSegments("/u", StringComparison.Ordinal)
        || path.StartsWithSegments("/c", StringComparison.Ordinal)
        || path.StartsWithSegments("/o", StringComparison.Ordinal);
}
