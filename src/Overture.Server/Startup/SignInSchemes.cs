using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Overture.Core.Model;

namespace Overture.Server.Startup;

/// <summary>
/// Who is asking: a browser by its cookie, a program by its key; never both in one request.
/// </summary>
public static class SignInSchemes
{
    public const string RoleClaim = "overture:role";
    internal const string KeyClaim = "overture:key";
    const string Either = "either";
    const string Browser = "browser";
    const string Key = "key";

    /// <summary>Who is asking; null for strangers on public pages.</summary>
    public static Identity? MaybeCaller(this HttpContext http) => http.Features.Get<Identity>();

    public static Identity Caller(this HttpContext http) =>
        http.MaybeCaller() ?? throw new InvalidOperationException("This endpoint let a stranger in.");

    /// <summary>The API key that asks; null for a browser.</summary>
    internal static string? KeyId(this HttpContext http) => http.User.FindFirst(KeyClaim)?.Value;

    internal static void AddSignInSchemes(this WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector =
                http => HasKey(http.Request) ? Key : Browser)
            .AddScheme<AuthenticationSchemeOptions, CookieHandler>(Browser, null)
            .AddScheme<AuthenticationSchemeOptions, KeyHandler>(Key, null);
        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.AddHttpContextAccessor();
    }

    internal static bool HasKey(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey("X-Api-Key");

    static AuthenticateResult Success(HttpContext http, Identity identity, string scheme, Claim? more = null)
    {
        http.Features.Set(identity);
        var claims = new List<Claim>
        {
            new(ClaimTypes.NameIdentifier, identity.UserId.ToString()),
            new(ClaimTypes.Name, identity.Name),
            new(RoleClaim, identity.Role.ToString()),
        };
        if (more is not null) claims.Add(more);
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, scheme));
        return AuthenticateResult.Success(new AuthenticationTicket(principal, scheme));
    }

    sealed class CookieHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder,
            SignIns signIns)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var token = SessionCookie.Read(Request);
            if (token is null) return AuthenticateResult.NoResult();
            return await signIns.Find(token, Context.RequestAborted) is { } identity
                ? Success(Context, identity, Browser)
                : AuthenticateResult.Fail("The sign-in has ended.");
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            if (!TroubleAnswers.WantsPage(Request))
                return TroubleAnswers.Write(Context, new(401, ExitCode.NeedsLogin, "sign_in_needed",
                    "Sign in first, or send an API key as “Authorization: Bearer ovt_live_…”."));
            var back = HttpMethods.IsGet(Request.Method) ? Request.Path + Request.QueryString : "/";
            Response.Redirect("/login" + QueryString.Create("back", back));
            return Task.CompletedTask;
        }

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Forbid(Context);
    }

    sealed class KeyHandler(
        IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder,
            ApiKeys keys)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            const string bearer = "Bearer ";
            var header = Request.Headers.Authorization.ToString();
            var text = header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)
                ? header[bearer.Length..]
                : Request.Headers["X-Api-Key"].ToString();
            return await keys.Find(text.Trim(), Context.RequestAborted) is { } use
                ? Success(Context, use.Identity, Key, new Claim(KeyClaim, use.KeyId.ToString()))
                : AuthenticateResult.Fail("The key is unknown, expired or revoked.");
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return TroubleAnswers.Write(Context, new(401, ExitCode.NeedsLogin, "key_refused",
                "The API key is unknown, mistyped, expired or revoked. Make a new one under Settings."));
        }

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Forbid(Context);
    }

    static Task Forbid(HttpContext http) => TroubleAnswers.Write(http, new(403, ExitCode.Refused, "forbidden",
        "Your role, or the scope of this key, does not allow this. Ask an admin of the workspace."));
}
