using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Server.Web;

namespace Overture.Server.Startup;

/// <summary>
/// The small forms found on every page: theme, sign-out, and the switches of the safety bar.
/// </summary>
static class Actions
{
    const string ThemeCookie = "theme";
    static readonly TimeSpan ThemeLife = TimeSpan.FromDays(365);

    public static string Theme(HttpRequest request) =>
        request.Cookies[ThemeCookie] is "light" or "dark" ? request.Cookies[ThemeCookie]! : "system";

    public static void MapSignInActions(this WebApplication app)
    {
        app.MapPost("/theme", (HttpContext http, [FromForm] string theme, [FromForm] string? back) =>
        {
            var chosen = theme is "light" or "dark" ? theme : "system";
            http.Response.Cookies.Append(ThemeCookie, chosen, new CookieOptions
            {
                Path = "/", MaxAge = ThemeLife, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps,
                HttpOnly = true,
            });
            return BackTo(back);
        }).AllowAnonymous().ExcludeFromDescription();

        app.MapAction("/logout", Policies.Viewer, async (HttpContext http, SignIns signIns) =>
        {
            await signIns.SignOut(SessionCookie.Read(http.Request), http.RequestAborted);
            SessionCookie.Remove(http);
            return Results.LocalRedirect("/login");
        });
    }

    public static void MapWorkspaceActions(this WebApplication app)
    {
        app.MapAction("/sending/stop", Policies.Member,
            async (
                HttpContext http, Workspaces workspaces, [FromForm] string? back, CancellationToken cancel) =>
            {
                var by = http.Caller();
                await workspaces.Stop(
                    by.WorkspaceId, by.Name, $"Stopped by {by.Name} in the browser", cancel);
                return BackTo(back);
            });
        app.MapAction("/sending/resume", Policies.Member,
            async (
                HttpContext http, Workspaces workspaces, [FromForm] string? back, CancellationToken cancel) =>
            {
                await workspaces.Resume(http.Caller().WorkspaceId, cancel);
                return BackTo(back);
            });
        app.MapAction("/sending/release", Policies.Admin,
            async (
                HttpContext http, Quarantine quarantine, [FromForm] string? back, CancellationToken cancel) =>
            {
                await quarantine.Release(http.Caller().Name, cancel);
                return BackTo(back);
            });
        app.MapAction("/sending/dry-run", Policies.Admin,
            async (HttpContext http, Workspaces workspaces, [FromForm] bool on, [FromForm] string? back,
                CancellationToken cancel) =>
            {
                await workspaces.SetDryRun(http.Caller().WorkspaceId, on, cancel);
                return BackTo(back);
            });
    }

    /// <summary>Parts of pages that refresh by themselves, and the forms of the settings page.</summary>
    public static void MapPageParts(this WebApplication app)
    {
        app.MapGet("/parts/safety", (string? back) => new RazorComponentResult<SafetyBar>(
            new Dictionary<string, object?> { [nameof(SafetyBar.Back)] = LocalPath(back) }))
            .RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        app.MapAction("/settings/keys/{id:long}/revoke", Policies.Admin,
            async (
                long id, HttpContext http, ApiKeys keys, [FromForm] string? back, CancellationToken cancel) =>
            {
                await keys.Revoke(http.Caller(), id, cancel);
                Notice.Say(http, "The key is revoked.");
                return BackTo(back);
            });
    }

    /// <summary>Only to a path of our own: another host's address in the form leads home.</summary>
    public static IResult BackTo(string? path) => Results.LocalRedirect(LocalPath(path));

    public static string LocalPath(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.StartsWith("/\\", StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : "/";
}
