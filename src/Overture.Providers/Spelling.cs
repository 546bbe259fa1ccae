using System.Globalization;

namespace Overture.Providers;

/// <summary>Brings facts of many spellings to one.</summary>
static class Spelling
{
    /// <summary>A full https address at LinkedIn from an address, a path or a handle.</summary>
    /// <param name="text">"linkedin.com/in/jane", "http://…", "jane".</param>
    /// <param name="kind">"in" for people, "company" for companies.</param>
    public static string? LinkedIn(string? text, string kind)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = text.Trim().TrimEnd('/');
        var at = text.IndexOf("linkedin.com/", StringComparison.OrdinalIgnoreCase);
        if (at >= 0) return "https://www.linkedin.com/" + text[(at + "linkedin.com/".Length)..];
        if (text.Contains("://", StringComparison.Ordinal) || text.Contains(' ', StringComparison.Ordinal))
            return null;
        return text.Contains('/', StringComparison.Ordinal)
            ? "https://www.linkedin.com/" + text.TrimStart('/')
            : $"https://www.linkedin.com/{kind}/{text}";
    }

    /// <summary>The host of a web address without "www."; null when there is none.</summary>
    public static string? Domain(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = text.Trim();
        if (!text.Contains("://", StringComparison.Ordinal)) text = "http://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || !url.Host.Contains('.', StringComparison.Ordinal))
            return null;
        var host = url.IdnHost.ToLowerInvariant().TrimEnd('.');
        return host.StartsWith("www.", StringComparison.Ordinal) ? host["www.".Length..] : host;
    }

    /// <summary>An address that can be one; null for masks and placeholders.</summary>
    public static string? Email(string? text)
    {
        text = text?.Trim();
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        return at > 0 && at == text!.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && !text.EndsWith('.')
            && !text.Any(char.IsWhiteSpace) && !text.Contains("email_not_unlocked", StringComparison.Ordinal)
            && !text.Contains('*', StringComparison.Ordinal)
            ? text
            : null;
    }

    /// <summary>A name from its parts; null when there is none.</summary>
    public static string? Name(params ReadOnlySpan<string?> parts)
    {
        List<string> there = [];
        foreach (var part in parts)
        {
            if (!string.IsNullOrWhiteSpace(part)) there.Add(part.Trim());
        }

        return there.Count == 0 ? null : string.Join(' ', there);
    }

    /// <summary>Several words as one text; null when there are none.</summary>
    public static string? List(IReadOnlyList<string> words) =>
        words.Count == 0 ? null : string.Join(", ", words);

    /// <summary>A share of one from a share of a hundred or ten.</summary>
    public static double? Share(decimal? value, decimal of) =>
        value is { } number && number >= 0 ? (double)Math.Min(number / of, 1) : null;

    /// <summary>A range that came as text or as object with min and max.</summary>
    public static string? Range(Loose value)
    {
        if (value.Text is { } text) return text;
        var (least, most) = (value.Any("min", "from", "gte").Whole, value.Any("max", "to", "lte").Whole);
        return (least, most) switch
        {
            (null, null) => null,
            ({ } from, null) => from.ToString(CultureInfo.InvariantCulture) + "+",
            (null, { } to) => "1-" + to.ToString(CultureInfo.InvariantCulture),
            ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $"{from}-{to}"),
        };
    }

    /// <summary>A year that can be one.</summary>
    public static int? Year(int? year) => year is > 1500 and < 2200 ? year : null;

    /// <summary>The word providers use for an address's state.</summary>
    public static Deliverability State(string? word) => word?.ToLowerInvariant() switch
    {
        "valid" or "deliverable" or "verified" or "ok" => Deliverability.Valid,
        "accept_all" or "catch-all" or "catch_all" or "catchall" or "risky" or "webmail" or "guessed"
            or "extrapolated" or "likely to engage" or "likely_to_engage" => Deliverability.Risky,
        "invalid" or "undeliverable" or "disposable" or "bounced" or "unavailable" => Deliverability.Invalid,
        _ => Deliverability.Unknown,
    };
}
