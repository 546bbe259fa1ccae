using Overture.Core.Data;

namespace Overture.Server.Configuration;

/// <summary>
/// What must be known before the database is open. Everything a user changes lives in the database instead.
/// Each value comes from <c>Overture__Name</c> in the environment or <c>Overture:Name</c> in
/// appsettings.json.
/// </summary>
public sealed record OvertureOptions
{
    /// <summary>Npgsql connection string; a private PostgreSQL is started when it is absent.</summary>
    public string? Database { get; init; }

    /// <summary>Folder of the secret key and the private PostgreSQL.</summary>
    public string DataFolder { get; init; } = LocalPostgresFolderOfThisUser;

    /// <summary>Where the server listens; several addresses are divided by semicolons.</summary>
    public string Urls { get; init; } = "http://localhost:8080";

    /// <summary>
    /// The address people use; the first of <see cref="Urls"/> when absent. Links are built from it.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>
    /// File of the 32 bytes that seal secrets; <c>secret.key</c> in the data folder when absent.
    /// </summary>
    public string? SecretKeyFile { get; init; }

    /// <summary>The same 32 bytes as base64, for hosts that hand secrets over in the environment.</summary>
    public string? SecretKey { get; init; }

    /// <summary>
    /// Addresses of reverse proxies whose X-Forwarded headers are believed, divided by commas.
    /// </summary>
    public string? KnownProxies { get; init; }

    /// <summary>Requests one API key may make in 15 minutes.</summary>
    public int ApiRequestLimit { get; init; } = 100;

    /// <summary>
    /// Organisation and contact address that SEC EDGAR asks for: "AcmeCo admin@acme.example".
    /// </summary>
    public string? SecEdgarUserAgent { get; init; }

    /// <summary>Where EDGAR is; another address only to try things out against recorded answers.</summary>
    public string SecEdgarUrl { get; init; } = "https://www.sec.gov";

    /// <summary>
    /// One address that stands in for all other providers, each below its name; only to try things out
    /// against recorded answers.
    /// </summary>
    public string? ProvidersUrl { get; init; }

    static string LocalPostgresFolderOfThisUser =>
        OperatingSystem.IsLinux() ? LocalPostgres.DefaultFolder() : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "overture");

    public string PublicAddress => (PublicUrl ?? Reachable(Urls.Split(';')[0])).TrimEnd('/');

    public string KeyFile => SecretKeyFile ?? Path.Combine(DataFolder, "secret.key");

    public bool IsHttps => PublicAddress.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    // A server may listen on all addresses, but nobody can open “all addresses”.
    static string Reachable(string url) => url
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal)
        .Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal);
}
