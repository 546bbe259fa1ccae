using System.Security.Cryptography;

namespace Overture.Server.Startup;

/// <summary>
/// What every answer says to the browser: nothing from other hosts, no framing, no guessing.
/// </summary>
static class SafeHeaders
{
    const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'; frame-src 'self'";

    // Swagger UI sets style attributes while it draws.
    const string DocsContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    const int RequestIdBytes = 12;

    /// <summary>Gives each request an id of ours: in the answer, in problems and in the log.</summary>
    public static void UseRequestIds(this WebApplication app) => app.Use((http, next) =>
    {
        http.TraceIdentifier = "req_" + RandomNumberGenerator.GetHexString(
            RequestIdBytes * 2, lowercase: true);
        http.Response.Headers["Request-Id"] = http.TraceIdentifier;
        return next(http);
    });

    public static void UseSafeHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            Set(http);
            return Task.CompletedTask;
        });
        return next(http);
    });

    static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        var isDocs = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal);
        // An endpoint that shows a stranger's message sets a stricter policy of its own.
        headers.TryAdd("Content-Security-Policy", isDocs ? DocsContentSecurityPolicy : ContentSecurityPolicy);
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.Append("Vary", "Sec-Fetch-Site, Origin");
        headers.TryAdd("Cache-Control", "no-store");
        if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }
}
