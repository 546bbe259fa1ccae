using Microsoft.AspNetCore.DataProtection;

namespace Overture.Server.Web;

/// <summary>One sentence carried over a redirect and shown once, such as “Saved.”</summary>
public static class Notice
{
    const string CookieName = "notice";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    public static void Say(HttpContext http, string sentence) =>
        http.Response.Cookies.Append(CookieName, Protector(http).Protect(sentence), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = Life,
                Path = "/",
        });

    /// <summary>The sentence, and forgets it; null when there is none.</summary>
    public static string? Take(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { } text || http.Response.HasStarted) return null;
        http.Response.Cookies.Delete(CookieName);
        try
        {
            return Protector(http).Unprotect(text);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    // Protected, so that nobody can plant a sentence of theirs on our page.
    static IDataProtector Protector(HttpContext http) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("notice");
}
