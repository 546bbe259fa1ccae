namespace Overture.Server.Startup;

/// <summary>
/// Marks an endpoint that strangers post to without a cookie: one-click unsubscribe and webhooks.
/// </summary>
public sealed class OpenToOtherSites;

/// <summary>
/// Refuses writes that another site makes a browser send. Fetch metadata decides; where a browser has none,
/// the Origin or Referer must name this host. Keys are exempt: with a key no cookie is looked at.
/// </summary>
static class SameSiteOnly
{
    public static void UseSameSiteOnly(this WebApplication app) => app.Use((http, next) =>
        IsWrite(http.Request) && !SignInSchemes.HasKey(http.Request) && !IsOpen(http)
            && !IsFromHere(http.Request)
            ? TroubleAnswers.Write(http, new(403, ExitCode.Refused, "cross_site",
                "This request came from another site and was refused. Open Overture itself and try again."))
            : next(http));

    static bool IsWrite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && !HttpMethods.IsOptions(request.Method);

    static bool IsOpen(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<OpenToOtherSites>() is not null;

    static bool IsFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none";
        var source = request.Headers.Origin.ToString() is { Length: > 0 } origin
            ? origin
            : request.Headers.Referer.ToString();
        return Uri.TryCreate(source, UriKind.Absolute, out var uri)
            && uri.Scheme == request.Scheme
            && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
