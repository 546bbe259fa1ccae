using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace Overture.Server.Web;

/// <summary>Tabler icons as SVG in the page, so that they take the colour of the text.</summary>
public sealed class Icons(IWebHostEnvironment host)
{
    readonly ConcurrentDictionary<string, MarkupString> markup = [];

    public MarkupString Markup(string name) => markup.GetOrAdd(name, Read);

    MarkupString Read(string name)
    {
        var file = host.WebRootFileProvider.GetFileInfo($"lib/icons/{name}.svg");
        if (!file.Exists)
            throw new FileNotFoundException(
                $"There is no icon “{name}”; add it to TablerIcon in Overture.Server.csproj.");
        using var reader = new StreamReader(file.CreateReadStream());
        var svg = reader.ReadToEnd();
        return new("<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"" + svg[(
            svg.IndexOf("<svg", StringComparison.Ordinal) + 4)..]);
    }
}
