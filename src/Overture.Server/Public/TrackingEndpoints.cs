using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Public;

/// <summary>
/// The links and the pixel of messages whose campaign asks for them. Where a link leads stands in the
/// database, so nobody can make this host lead elsewhere; an unknown one leads nowhere, and an unknown pixel
/// is the same picture.
/// </summary>
static class TrackingEndpoints
{
    const int LongestToken = 128;

    static readonly byte[] Pixel =
        Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static void MapTracking(this WebApplication app)
    {
        app.MapMethods("/c/{token}", [HttpMethods.Get, HttpMethods.Head], Click)
            .AllowAnonymous().ExcludeFromDescription();
        app.MapMethods("/o/{token}", [HttpMethods.Get, HttpMethods.Head], Open)
            .AllowAnonymous().ExcludeFromDescription();
    }

    static async Task<Results<RedirectHttpResult, NotFound>> Click(
        string token, HttpContext http, RecordVisit record, CancellationToken cancel)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var url = await record.Click(Of(token, http), cancel);
        return url is not null && Uri.TryCreate(url, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                ? TypedResults.Redirect(address.AbsoluteUri)
                : TypedResults.NotFound();
    }

    static async Task<FileContentHttpResult> Open(
        string token, HttpContext http, RecordVisit record, CancellationToken cancel)
    {
        // Shown inside a mail program's page, which is another origin.
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        await record.Open(Of(token, http), cancel);
        return TypedResults.Bytes(Pixel, "image/gif");
    }

    static Visit Of(string token, HttpContext http) => new(
        token.Length <= LongestToken ? token : token[..LongestToken], http.Request.Headers.UserAgent.ToString(),
        http.Connection.RemoteIpAddress, HttpMethods.IsHead(http.Request.Method),
        IsOurs: SessionCookie.Read(http.Request) is not null,
        IsPrefetch: http.Request.Headers["Purpose"] == "prefetch"
            || http.Request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal)
            || http.Request.Headers["X-Moz"] == "prefetch");
}
