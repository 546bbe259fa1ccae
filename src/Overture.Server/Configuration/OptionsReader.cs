using System.Net;
using Npgsql;

namespace Overture.Server.Configuration;

/// <summary>The configuration cannot be used; every mistake is named with its key.</summary>
public sealed class ConfigurationInvalid(IReadOnlyList<string> mistakes)
    : Exception("The configuration has mistakes:\n" + string.Join('\n', mistakes.Select(m => "  " + m)))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}

/// <summary>Reads the section Overture and names all mistakes at once.</summary>
public static class OptionsReader
{
    const string Section = "Overture";
    const int LargestRequestLimit = 1_000_000;

    static readonly string[] Known =
    [
        nameof(OvertureOptions.Database), nameof(OvertureOptions.DataFolder), nameof(OvertureOptions.Urls),
        nameof(OvertureOptions.PublicUrl), nameof(OvertureOptions.SecretKeyFile),
        nameof(OvertureOptions.SecretKey), nameof(OvertureOptions.KnownProxies),
        nameof(OvertureOptions.ApiRequestLimit), nameof(OvertureOptions.SecEdgarUserAgent),
        nameof(OvertureOptions.SecEdgarUrl), nameof(OvertureOptions.ProvidersUrl),
    ];

    /// <exception cref="ConfigurationInvalid">At least one value cannot be used.</exception>
    public static OvertureOptions Read(IConfiguration configuration)
    {
        var (section, defaults, mistakes) = (
            configuration.GetSection(Section), new OvertureOptions(), new List<string>());
        foreach (var unknown in section.GetChildren().Where(child =>
            !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            mistakes.Add($"{Key(unknown.Key)} is not known. Known: {string.Join(", ", Known.Select(Key))}.");
        var options = defaults with
        {
            Database = Text(section, nameof(OvertureOptions.Database)),
            DataFolder = Text(section, nameof(OvertureOptions.DataFolder)) ?? defaults.DataFolder,
            Urls = Text(section, nameof(OvertureOptions.Urls)) ?? defaults.Urls,
            PublicUrl = Text(section, nameof(OvertureOptions.PublicUrl)),
            SecretKeyFile = Text(section, nameof(OvertureOptions.SecretKeyFile)),
            SecretKey = Text(section, nameof(OvertureOptions.SecretKey)),
            KnownProxies = Text(section, nameof(OvertureOptions.KnownProxies)),
            ApiRequestLimit = Limit(section, defaults.ApiRequestLimit, mistakes),
            SecEdgarUserAgent = Text(section, nameof(OvertureOptions.SecEdgarUserAgent)),
            SecEdgarUrl = Text(section, nameof(OvertureOptions.SecEdgarUrl)) ?? defaults.SecEdgarUrl,
            ProvidersUrl = Text(section, nameof(OvertureOptions.ProvidersUrl)),
        };
        CheckDatabase(options, mistakes);
        CheckAddresses(options, mistakes);
        return mistakes.Count == 0 ? options : throw new ConfigurationInvalid(mistakes);
    }

    static string? Text(IConfigurationSection section, string name) =>
        section[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    static int Limit(IConfigurationSection section, int otherwise, List<string> mistakes)
    {
        const string name = nameof(OvertureOptions.ApiRequestLimit);
        if (Text(section, name) is not { } text) return otherwise;
        if (int.TryParse(text, out var limit) && limit is > 0 and <= LargestRequestLimit) return limit;
        mistakes.Add($"{Key(name)} is “{text}”; it must be a number from 1 to {LargestRequestLimit}.");
        return otherwise;
    }

    static void CheckDatabase(OvertureOptions options, List<string> mistakes)
    {
        if (options.Database is null) return;
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(options.Database);
            if (string.IsNullOrEmpty(parsed.Host))
                mistakes.Add($"{Key(nameof(options.Database))} names no Host.");
        }
        catch (ArgumentException error)
        {
            // The value holds a password, so only what Npgsql says about it is repeated.
            mistakes.Add($"{Key(nameof(options.Database))} is no connection string: {error.Message}");
        }
    }

    static void CheckAddresses(OvertureOptions options, List<string> mistakes)
    {
        foreach (var url in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!IsWebAddress(url.Replace("*", "localhost").Replace("+", "localhost")))
                mistakes.Add(
                    $"{Key(nameof(options.Urls))} holds “{url}”; write it like http://localhost:8080.");
        if (options.PublicUrl is { } address && !IsWebAddress(address))
            mistakes.Add($"{Key(nameof(options.PublicUrl))} is “{address}”; "
                + "write it like https://overture.example.com.");
        if (!IsWebAddress(options.SecEdgarUrl))
            mistakes.Add($"{Key(nameof(options.SecEdgarUrl))} is “{options.SecEdgarUrl}”; "
                + "write it like https://www.sec.gov.");
        if (options.ProvidersUrl is { } providers && !IsWebAddress(providers))
            mistakes.Add($"{Key(nameof(options.ProvidersUrl))} is “{providers}”; "
                + "write it like http://localhost:9100.");
        foreach (var proxy in Proxies(options))
            if (!IPAddress.TryParse(proxy, out _))
                mistakes.Add($"{Key(nameof(options.KnownProxies))} holds “{proxy}”, which is no IP address.");
    }

    internal static string[] Proxies(OvertureOptions options) =>
        options.KnownProxies?.Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");

    static string Key(string name) => $"{Section}__{name}";
}
