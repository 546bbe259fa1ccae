using System.Globalization;
using System.Text.Json;

namespace Overture.Providers;

/// <summary>
/// A value of foreign JSON, read with tolerance: an absent field, null and a field of the wrong type all read
/// as "not there", numbers may be texts and texts numbers. Only a document that is no JSON at all is refused.
/// </summary>
readonly struct Loose
{
    const int MaxDepth = 128;

    readonly JsonElement element;

    Loose(JsonElement element) => this.element = element;

    /// <exception cref="MalformedAnswerException">The bytes are no JSON document.</exception>
    public static Loose Parse(byte[] body)
    {
        var bytes = body.AsMemory();
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (bytes.Span.Trim(" \t\r\n\0"u8).IsEmpty) throw new MalformedAnswerException("the answer is empty");
        if (bytes.Span.TrimStart(" \t\r\n"u8)[0] == '<')
            throw new MalformedAnswerException("a web page or XML came instead of JSON");
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new Loose(document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new MalformedAnswerException($"the JSON is broken: {e.Message}", e);
        }
    }

    /// <summary>The document, which must be an object.</summary>
    /// <exception cref="MalformedAnswerException">It is something else.</exception>
    public static Loose ParseObject(byte[] body)
    {
        var root = Parse(body);
        return root.IsObject
            ? root
            : throw new MalformedAnswerException($"an object was expected, not {root.Kind}");
    }

    /// <summary>The document as a text of its own, when only its being there matters.</summary>
    public static string Checked(byte[] body) => Parse(body).Kind;

    public Loose this[string name] =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found)
            ? new Loose(found)
            : default;

    /// <summary>The field is written, even if as null.</summary>
    public bool Has(string name) => IsObject && element.TryGetProperty(name, out _);

    public bool IsThere => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsList => element.ValueKind == JsonValueKind.Array;

    public bool IsString => element.ValueKind == JsonValueKind.String;

    public bool IsFlag => element.ValueKind is JsonValueKind.True or JsonValueKind.False;

    public string Kind => element.ValueKind.ToString().ToLowerInvariant();

    /// <summary>
    /// The text without outer blanks; a number as written; null for empty text and for booleans.
    /// </summary>
    public string? Text
    {
        get
        {
            if (element.ValueKind == JsonValueKind.Number) return element.GetRawText();
            if (element.ValueKind != JsonValueKind.String) return null;
            var text = SafeString().Trim();
            return text.Length == 0 ? null : text;
        }
    }

    public decimal? Number =>
        decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public long? Whole => Number is { } n and >= long.MinValue and <= long.MaxValue ? (long)n : null;

    public int? Count => Number is { } n and >= int.MinValue and <= int.MaxValue ? (int)n : null;

    public bool? Flag => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Text?.ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            _ => null,
        },
    };

    /// <summary>
    /// An instant; text without an offset counts as UTC, whole numbers as Unix (milli)seconds.
    /// </summary>
    public DateTimeOffset? Instant
    {
        get
        {
            const long firstMilliseconds = 100_000_000_000;
            if (Whole is { } unix and > 0 and < 100_000_000_000_000)
                return unix < firstMilliseconds
                    ? DateTimeOffset.FromUnixTimeSeconds(unix)
                    : DateTimeOffset.FromUnixTimeMilliseconds(unix);
            return DateTimeOffset.TryParse(
                Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at.ToUniversalTime()
                : null;
        }
    }

    public DateOnly? Date => Instant is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null;

    /// <summary>The list's items; a single object or text counts as a list of one.</summary>
    public IEnumerable<Loose> Items => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Select(item => new Loose(item)),
        JsonValueKind.Object or JsonValueKind.String => [this],
        _ => [],
    };

    public IReadOnlyList<string> Texts => [.. Items.Select(item => item.Text).OfType<string>()];

    public IEnumerable<(string Name, Loose Value)> Fields => IsObject
        ? element.EnumerateObject().Select(pair => (pair.Name, new Loose(pair.Value)))
        : [];

    /// <summary>The first of several spellings that is there.</summary>
    public Loose Any(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (this[name] is { IsThere: true } found) return found;
        }

        return default;
    }

    public override string ToString() =>
        element.ValueKind == JsonValueKind.Undefined ? "" : element.GetRawText();

    // A text with half a surrogate pair is legal JSON and cannot become a string.
    string SafeString()
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
