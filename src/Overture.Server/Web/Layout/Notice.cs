using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Overture.Server.Web;

/// <summary>
/// One sentence carried over a redirect and shown once, such as “Saved.”; or why nothing was done.
/// </summary>
public sealed record Notice(string Sentence, bool IsRefusal)
{
    const string CookieName = "notice";
    const char RefusalMark = '!';
    static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    public static void Say(HttpContext http, string sentence) => Keep(http, " " + sentence);

    public static void Refuse(HttpContext http, string sentence) => Keep(http, RefusalMark + sentence);

    /// <summary>The notice, and forgets it; null when there is none.</summary>
    public static Notice? Take(HttpContext http)
    {
        if (http.Request.Cookies[CookieName] is not { } text || http.Response.HasStarted) return null;
        // A part that refreshes itself shows no notice, so it leaves it to the page that comes next.
        if (http.Request.Headers.ContainsKey("HX-Request")) return null;
        http.Response.Cookies.Delete(CookieName);
        try
        {
            var marked = Protector(http).Unprotect(text);
            return new Notice(marked[1..], marked[0] == RefusalMark);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    static void Keep(HttpContext http, string marked) =>
        http.Response.Cookies.Append(CookieName, Protector(http).Protect(marked), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, MaxAge = Life,
            Path = "/",
        });

    // Protected, so that nobody can plant a sentence of theirs on our page.
    static IDataProtector Protector(HttpContext http) =>
        http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("notice");
}
