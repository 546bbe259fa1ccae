using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Overture.Server.Web;

namespace Overture.Server.Startup;

/// <summary>Razor components rendered on the server; nothing interactive, no circuit.</summary>
static class Pages
{
    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder.AddAssets();
        builder.Services.AddRazorComponents();
        builder.Services.AddScoped<PageState>();
        builder.Services.AddSingleton<Icons>();
        builder.Services.AddSingleton<Navigation>();
    }

    /// <summary>Loads what every page of a signed-in person shows.</summary>
    public static void UsePageState(this WebApplication app) => app.Use(async (http, next) =>
    {
        var isPage = http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
            || http.Request.Path.StartsWithSegments("/parts", StringComparison.Ordinal);
        if (isPage && http.MaybeCaller() is not null)
            await http.RequestServices.GetRequiredService<PageState>().Load();
        await next(http);
    });

    public static void MapPages(this WebApplication app) =>
        app.MapRazorComponents<App>().RequireAuthorization(Policies.Viewer);
}
