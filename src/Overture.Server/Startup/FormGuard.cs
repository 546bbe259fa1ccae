using Microsoft.AspNetCore.Antiforgery;
using Overture.Server.Configuration;

namespace Overture.Server.Startup;

/// <summary>The token every form carries (and htmx sends as a header), bound to the signed-in user.</summary>
static class FormGuard
{
    public const string HeaderName = "X-CSRF-Token";

    public static void AddFormGuard(this WebApplicationBuilder builder, OvertureOptions options) =>
        builder.Services.AddAntiforgery(guard =>
        {
            guard.HeaderName = HeaderName;
            guard.Cookie.Name = options.IsHttps ? "__Host-overture-form" : "overture-form";
            guard.Cookie.SecurePolicy = options.IsHttps
                ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            guard.Cookie.SameSite = SameSiteMode.Strict;
            guard.Cookie.HttpOnly = true;
            guard.Cookie.Path = "/";
            // Framing is refused for every answer by SafeHeaders.
            guard.SuppressXFrameOptionsHeader = true;
        });

    public static void UseFormGuard(this WebApplication app)
    {
        app.UseAntiforgery();
        // The framework only notes a bad token and leaves the refusal to form binding, which not every
        // endpoint does.
        app.Use((http, next) => http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }
            ? TroubleAnswers.Write(http, new(400, ExitCode.Refused, "form_expired",
                "This form is too old or not ours. Reload the page and send it again."))
            : next(http));
    }

    /// <summary>A form of a page posts here: same site, token required, an answer by redirect.</summary>
    public static RouteHandlerBuilder MapAction(
        this IEndpointRouteBuilder routes, string path, string policy, Delegate handler) =>
        routes.MapPost(path, handler).RequireAuthorization(policy)
            .WithMetadata(new RequireAntiforgeryTokenAttribute()).ExcludeFromDescription();
}
