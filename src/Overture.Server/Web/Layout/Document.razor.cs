using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>
/// The skeleton of every page: head, theme, scripts, and the live connection when signed in.
/// </summary>
public sealed partial class Document(IHttpContextAccessor http, IAntiforgery antiforgery)
{
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Parameter]
    public bool IsLive { get; set; }

    string Theme => Actions.Theme(http.HttpContext!.Request);

    // htmx sends this with every request; forms carry the token as a field.
    string TokenHeader => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        [FormGuard.HeaderName] = antiforgery.GetAndStoreTokens(http.HttpContext!).RequestToken,
    });
}
