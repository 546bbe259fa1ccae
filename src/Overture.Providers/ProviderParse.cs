using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Overture.Providers.Outbound;

namespace Overture.Providers;

/// <summary>
/// Reads stored or recorded answers without calling anybody: the same readers and judgements that live calls
/// use.
/// </summary>
public static class ProviderParse
{
    static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <summary>Every provider with the names of its calls, for help and error messages.</summary>
    public static IReadOnlyList<(string Provider, IReadOnlyList<string> Calls)> Known { get; } =
    [
        .. ProviderCalls.All.Select(provider => (
            provider.Provider,
            (IReadOnlyList<string>)[.. provider.Calls.Keys.Select(names => names.Split('|')[0])])),
    ];

    /// <summary>
    /// The reader of a call; null when the provider or the call is unknown. Names are taken in any case, with
    /// any separators ("people/match", "people-match").
    /// </summary>
    public static Func<byte[], object?>? Reader(string provider, string call) =>
        Find(provider)?.Calls.FirstOrDefault(entry =>
            entry.Key.Split('|').Any(name => IsSame(name, call))).Value;

    /// <summary>
    /// Reads a file: the body as received, or a recording of it (<c>{request, response{status, headers,
    /// body}}</c>,
    /// <c>{status, body}</c>, or a list of those). An error answer gives a <see cref="ProviderFailure"/>, a
    /// list of recordings a list of results.
    /// </summary>
    /// <returns>The mapped result; null when the answer says that nothing was found.</returns>
    /// <exception cref="ArgumentException">Provider or call are unknown; the message lists those that
    /// are.</exception>
    /// <exception cref="MalformedAnswerException">The body cannot be read.</exception>
    public static object? Read(string provider, string call, byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var calls = Find(provider) ?? throw new ArgumentException(
            $"There is no provider \"{provider}\"; known are "
            + $"{string.Join(", ", Known.Select(k => k.Provider))}.",
            nameof(provider));
        var read = Reader(provider, call) ?? throw new ArgumentException(
            $"{calls.Provider} has no call \"{call}\"; known are "
            + $"{string.Join(", ", calls.Calls.Keys.Select(names => names.Split('|')[0]))}.", nameof(call));
        var recordings = Recordings(file);
        return recordings is null
            ? read(file)
            : recordings is [var single] ? Judged(single, calls, read)
            : recordings.Select(recording => Judged(recording, calls, read)).ToArray();
    }

    /// <summary>A result as JSON with names in snake case; what is absent is left out.</summary>
    public static string ToJson(object? result) => JsonSerializer.Serialize(result, JsonOptions);

    static ProviderCalls? Find(string provider) => ProviderCalls.All.FirstOrDefault(
        calls => IsSame(calls.Provider, provider) || calls.Aliases.Any(alias => IsSame(alias, provider)));

    static bool IsSame(string known, string given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return Letters(known) == Letters(given);

        static string Letters(string name) =>
            string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
    }

    static object? Judged(Answer answer, ProviderCalls calls, Func<byte[], object?> read)
    {
        if (calls.Judge(answer) is { } failure) return failure with { Address = null };
        try
        {
            return read(answer.Body);
        }
        catch (MalformedAnswerException malformed)
        {
            return HttpVerdict.As(calls.Provider, FailureKind.Malformed, answer, malformed.Message)
                with { Address = null };
        }
    }

    /// <summary>The answers in a recording; null when the file is a body itself.</summary>
    static Answer[]? Recordings(byte[] file)
    {
        if (file.AsSpan().TrimStart(" \t\r\n\uFEFF"u8) is not [(byte)'{' or (byte)'[', ..]) return null;
        Loose root;
        try
        {
            root = Loose.Parse(file);
        }
        catch (MalformedAnswerException)
        {
            return null;
        }

        if (IsRecording(root)) return [Recorded(root)];
        Loose[] items = root.IsList ? [.. root.Items] : [];
        return items.Length > 0 && Array.TrueForAll(items, IsRecording)
            ? Array.ConvertAll(items, Recorded)
            : null;
    }

    static bool IsRecording(Loose item) =>
        item["response"].IsThere && (item["request"].IsThere || item["response"]["body"].IsThere)
        || (item.Any("status", "http").Count is not null && item["body"].IsThere);

    static Answer Recorded(Loose item)
    {
        var response = item["response"].IsThere ? item["response"] : item;
        var hasBody = response["body"].IsThere || response.Any("status", "http").Count is not null;
        var body = hasBody ? response["body"] : response;
        var headers = response["headers"].Fields.GroupBy(pair => pair.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                group => group.Key, group => group.First().Value.Text ?? group.First().Value.ToString(),
                StringComparer.OrdinalIgnoreCase);
        headers.TryAdd("Content-Type", response["content_type"].Text
            ?? (body.IsString ? "text/plain" : "application/json"));
        return new Answer(
            new Uri("https://recorded.invalid/"), (hasBody ? response.Any("status", "http").Count : null)
                ?? 200,
            headers, Encoding.UTF8.GetBytes(body.IsString ? body.Text ?? "" : body.ToString()),
            DateTimeOffset.MaxValue);
    }
}
