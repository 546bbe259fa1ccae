using System.Reflection;
using Microsoft.AspNetCore.Components;
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

    public static void MapPages(this WebApplication app)
    {
        app.MapRazorComponents<App>();
        if (!IsPage("/")) app.MapGet("/", FirstEntry).RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
    }

    static IResult FirstEntry(Navigation navigation) =>
        Results.LocalRedirect(navigation.Entries.First(entry => entry.Path != "/").Path);

    static bool IsPage(string path) => typeof(App).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Any(route => route.Template == path);
}
