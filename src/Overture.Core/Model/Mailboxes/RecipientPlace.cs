using System.Collections.Frozen;
using NodaTime;
using NodaTime.TimeZones;

namespace Overture.Core.Model;

/// <summary>
/// Where somebody is: the zone of their working hours and the country of their holidays, each null when
/// nothing tells it.
/// </summary>
public sealed record RecipientPlace(string? TimeZone, string? Country)
{
    /// <summary>Where the zone file does not name the zone of most people first.</summary>
    static readonly FrozenDictionary<string, string> MainZones = new Dictionary<string, string>
    {
        ["AU"] = "Australia/Sydney", ["BR"] = "America/Sao_Paulo", ["CA"] = "America/Toronto",
        ["RU"] = "Europe/Moscow", ["US"] = "America/New_York",
    }.ToFrozenDictionary();

    /// <summary>What people write for a country besides its code and the zone file's name.</summary>
    static readonly FrozenDictionary<string, string> OtherNames = new Dictionary<string, string>
    {
        ["usa"] = "US", ["u.s."] = "US", ["u.s.a."] = "US", ["united states of america"] = "US",
        ["uk"] = "GB", ["united kingdom"] = "GB", ["great britain"] = "GB", ["england"] = "GB",
        ["scotland"] = "GB", ["wales"] = "GB", ["northern ireland"] = "GB", ["deutschland"] = "DE",
        ["österreich"] = "AT", ["schweiz"] = "CH", ["the netherlands"] = "NL", ["holland"] = "NL",
        ["czechia"] = "CZ", ["south korea"] = "KR", ["korea"] = "KR", ["russian federation"] = "RU",
        ["viet nam"] = "VN", ["türkiye"] = "TR", ["uae"] = "AE", ["españa"] = "ES", ["italia"] = "IT",
        ["brasil"] = "BR", ["méxico"] = "MX", ["polska"] = "PL", ["danmark"] = "DK", ["sverige"] = "SE",
        ["norge"] = "NO",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Endings of a country that companies anywhere use for their sound.</summary>
    static readonly FrozenSet<string> GenericEndings = FrozenSet.ToFrozenSet(
    [
        "AC", "AG", "AI", "AM", "BZ", "CC", "CO", "CX", "DJ", "FM", "GG", "GL", "IM", "IO", "LA", "LC", "LY",
        "ME", "MN", "MS", "NU", "PW", "SC", "SH", "SO", "ST", "TK", "TO", "TV", "VC", "VG", "WS",
    ]);

    static readonly FrozenDictionary<string, string> CodesByName = Zones()
        .DistinctBy(zone => zone.CountryName)
        .ToFrozenDictionary(
            zone => zone.CountryName, zone => zone.CountryCode, StringComparer.OrdinalIgnoreCase);

    static readonly FrozenDictionary<string, string> ZonesByCode = Zones()
        .GroupBy(zone => zone.CountryCode)
        .ToFrozenDictionary(
            group => group.Key, group => MainZones.GetValueOrDefault(group.Key) ?? group.First().ZoneId);

    /// <summary>
    /// The zone that is written down, else that of the country, else that of the address' country ending.
    /// </summary>
    public static RecipientPlace Of(string? timeZone, string? country, string? address)
    {
        var code = CodeOf(country) ?? CodeOfEnding(address);
        var zone = timeZone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not null
            ? timeZone
            : code is null ? null : ZonesByCode.GetValueOrDefault(code);
        return new RecipientPlace(zone, code);
    }

    /// <summary>
    /// The two letters of a country that was written by code or by name; null when unknown.
    /// </summary>
    public static string? CodeOf(string? country)
    {
        if (string.IsNullOrWhiteSpace(country)) return null;
        var given = country.Trim();
        if (OtherNames.TryGetValue(given, out var other)) return other;
        if (CodesByName.TryGetValue(given, out var named)) return named;
        var code = given.ToUpperInvariant();
        return ZonesByCode.ContainsKey(code) ? code : null;
    }

    static string? CodeOfEnding(string? address)
    {
        if (address is null) return null;
        var ending = address[(address.LastIndexOf('.') + 1)..].ToUpperInvariant();
        if (ending == "UK") return "GB";
        return !GenericEndings.Contains(ending) && ZonesByCode.ContainsKey(ending) ? ending : null;
    }

    static IEnumerable<TzdbZoneLocation> Zones() => TzdbDateTimeZoneSource.Default.ZoneLocations ?? [];
}
