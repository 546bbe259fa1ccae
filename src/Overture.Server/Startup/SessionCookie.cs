using Overture.Core.Model;

namespace Overture.Server.Startup;

/// <summary>
/// The cookie that carries the sign-in token. Over https its name starts with <c>__Host-</c>, which browsers
/// accept only from this host, for the whole site and with Secure.
/// </summary>
static class SessionCookie
{
    const string PlainName = "overture";
    const string SecureName = "__Host-overture";

    public static string? Read(HttpRequest request) => request.Cookies[Name(request)];

    public static void Write(HttpContext http, string token) =>
        http.Response.Cookies.Append(Name(http.Request), token, Options(http.Request));

    public static void Remove(HttpContext http) =>
        http.Response.Cookies.Delete(Name(http.Request), Options(http.Request));

    static string Name(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    static CookieOptions Options(HttpRequest request) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = SignIns.LongestLife,
    };
}
