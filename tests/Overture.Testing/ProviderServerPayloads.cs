using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Overture.Testing;

/// <summary>An answer of a recording.</summary>
/// <param name="Code">The HTTP code.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Body">The body.</param>
public sealed record RecordedAnswer(int Code, string ContentType, byte[] Body)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The method recorded; null when unknown.</summary>
    public string? Method { get; init; }

    /// <summary>The path recorded, without host; null when unknown.</summary>
    public string? Path { get; init; }

    /// <summary>A plain text answer.</summary>
    public static RecordedAnswer Text(int code, string text) =>
        new(code, "text/plain", Encoding.UTF8.GetBytes(text));

    /// <summary>A JSON answer.</summary>
    public static RecordedAnswer Json(string json, int code = 200) =>
        new(code, "application/json", Encoding.UTF8.GetBytes(json));
}

/// <summary>
/// The recorded payloads of all providers: pairs of request and response, lists of them, errors with their
/// code, or bare bodies.
/// </summary>
sealed partial class ProviderServerPayloads(string folder)
{
    readonly Lock gate = new();
    readonly Dictionary<string, Queue<RecordedAnswer>> playing = new(StringComparer.Ordinal);
    readonly Dictionary<string, IReadOnlyList<RecordedAnswer>> recorded = new(StringComparer.Ordinal);

    public void Play(string provider, string file) =>
        Play(provider, Load(System.IO.Path.Combine(folder, provider, file)));

    public void Play(string provider, IReadOnlyList<RecordedAnswer> answers)
    {
        lock (gate) playing[provider] = new Queue<RecordedAnswer>(answers);
    }

    public RecordedAnswer? Played(string path)
    {
        lock (gate)
        {
            if (!playing.TryGetValue(ProviderOf(path), out var queue)) return null;
            return queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        }
    }

    /// <summary>The recording whose method and path fit best; good answers come before errors.</summary>
    public RecordedAnswer? Recorded(string method, string path)
    {
        var provider = ProviderOf(path);
        IReadOnlyList<RecordedAnswer> answers;
        lock (gate)
        {
            if (!recorded.TryGetValue(provider, out answers!))
                recorded[provider] = answers = LoadAll(System.IO.Path.Combine(folder, provider));
        }

        var wanted = Plain(path[(provider.Length + 1)..]);
        return answers.Where(a =>
            a.Path is not null && Plain(a.Path) == wanted && (a.Method ?? method) == method)
            .OrderBy(a => a.Code).FirstOrDefault();
    }

    public static IReadOnlyList<RecordedAnswer> Load(string file)
    {
        var bytes = File.ReadAllBytes(file);
        if (!file.EndsWith(".json", StringComparison.Ordinal)) return [new(200, "text/plain", bytes)];
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        var isList = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0
            && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object && IsWrapped(item));
        if (isList) return [.. root.EnumerateArray().Select(Unwrap)];
        return root.ValueKind == JsonValueKind.Object && IsWrapped(root)
            ? [Unwrap(root)]
            : [new RecordedAnswer(200, "application/json", bytes)];
    }

    static List<RecordedAnswer> LoadAll(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(Load)];

    static bool IsWrapped(JsonElement item) =>
        item.TryGetProperty("response", out _)
        || ((item.TryGetProperty("status", out _) || item.TryGetProperty("http", out _))
            && item.TryGetProperty("body", out _));

    static RecordedAnswer Unwrap(JsonElement item)
    {
        var hasRequest = item.TryGetProperty("request", out var request);
        var response = item.TryGetProperty("response", out var inner) ? inner : item;
        var isWhole = response.TryGetProperty("body", out var body);
        if (!isWhole) body = response;
        var code = isWhole && (
            response.TryGetProperty("status", out var status) || response.TryGetProperty("http", out status))
            ? status.GetInt32()
            : 200;
        var isText = body.ValueKind == JsonValueKind.String;
        var contentType = isWhole && response.TryGetProperty("content_type", out var type)
            ? type.GetString()!
            : isText ? "text/plain" : "application/json";
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        if (isWhole && response.TryGetProperty("headers", out var fields)
            && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject()) headers[field.Name] = field.Value.ToString();
        }

        headers.Remove("content-type");
        return new RecordedAnswer(
            code, contentType, Encoding.UTF8.GetBytes(isText ? body.GetString()! : body.GetRawText()))
        {
            Headers = headers,
            Method = hasRequest && request.TryGetProperty("method", out var method)
                ? method.GetString()
                : null,
            Path = hasRequest ? PathOf(request) : null,
        };
    }

    static string? PathOf(JsonElement request) =>
        request.TryGetProperty("path", out var path) ? path.GetString()
        : request.TryGetProperty("url", out var url) ? new Uri(url.GetString()!).AbsolutePath
        : null;

    static string ProviderOf(string path) => path.TrimStart('/').Split('/')[0];

    // Versions and prefixes move; what is asked for does not.
    static string Plain(string path) =>
        string.Join('/',
            path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => !Version().IsMatch(part)));

    [GeneratedRegex(
        @"^(api|data|v\d+|\d{4}-\d{2})$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
