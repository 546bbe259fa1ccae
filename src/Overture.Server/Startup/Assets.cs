using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;

namespace Overture.Server.Startup;

/// <summary>
/// Scripts, styles and icons of our own host. Addresses carry a hash of the content, so a browser keeps a
/// file for a year and still sees the next version at once.
/// </summary>
public sealed class AssetUrls(IWebHostEnvironment host)
{
    const int HashLength = 10;

    readonly ConcurrentDictionary<string, string> urls = [];

    public string Url(string path) => urls.GetOrAdd(path, Hashed);

    string Hashed(string path)
    {
        var file = host.WebRootFileProvider.GetFileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"wwwroot/{path} is missing; build Overture.Server again.");
        using var stream = file.CreateReadStream();
        return $"/{path}?v={Convert.ToHexStringLower(SHA256.HashData(stream))[..HashLength]}";
    }
}

static class Assets
{
    static readonly string[] Compressed = ["text/css", "text/javascript", "image/svg+xml"];

    public static void AddAssets(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AssetUrls>();
        // Only files without secrets are compressed: a compressed page next to a stranger's text leaks
        // tokens.
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = Compressed;
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    public static void UseAssets(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Keep });
    }

    static void Keep(StaticFileResponseContext file) =>
        file.Context.Response.Headers.CacheControl =
            file.Context.Request.Query.ContainsKey("v")
                ? "public, max-age=31536000, immutable" : "public, max-age=300";
}
