using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Public;

/// <summary>
/// The link in every message. GET shows a page and changes nothing, because scanners follow links; POST acts,
/// from the page's button or from a mail program's one click (RFC 8058), without cookie or sign-in. An
/// unknown link gets the same answer as a known one.
/// </summary>
static class UnsubscribeEndpoint
{
    const int LongestToken = 128;
    const long LargestBody = 4 * 1024;
    const int UsualDays = 90;

    public static void MapUnsubscribe(this WebApplication app)
    {
        app.MapGet("/u/{token}", (string token) =>
                new RazorComponentResult<UnsubscribePage>(new { Token = Short(token), IsDone = false }))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/u/{token}", Act).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new OpenToOtherSites())
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        app.MapPost("/u/{token}/later", Later).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new OpenToOtherSites())
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody));
    }

    /// <summary>The milder choice: nothing for some weeks. The answer is the same for every link.</summary>
    static async Task<RazorComponentResult<UnsubscribePage>> Later(
        string token, [FromForm] int? days, NotNow notNow, CancellationToken cancel)
    {
        var wanted = Math.Clamp(days ?? UsualDays, 1, NotNow.LongestDays);
        await notNow.Run(Short(token), wanted, cancel);
        return new RazorComponentResult<UnsubscribePage>(new { Token = Short(token), DaysOff = wanted });
    }

    static async Task<RazorComponentResult<UnsubscribePage>> Act(
        string token, Unsubscribe unsubscribe, CancellationToken cancel)
    {
        await unsubscribe.Run(Short(token), cancel);
        return new RazorComponentResult<UnsubscribePage>(new { Token = Short(token), IsDone = true });
    }

    static string Short(string token) => token.Length <= LongestToken ? token : token[..LongestToken];
}
