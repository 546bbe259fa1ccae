using System.Text.Json;

namespace Overture.Mail.Dns;

/// <summary>
/// Records from a JSON file instead of the network: an object of names. A value is the text of a TXT record,
/// the word NXDOMAIN, a failure between tildes (<c>~~SERVFAIL~~</c>, <c>~~Query timed out~~</c>), or an array
/// of
/// <c>{"TYPE": value}</c> objects, where an MX value is <c>[preference, host]</c>, a TXT value is a string or
/// an array of strings to be joined, and the word TIMEOUT stands for no answer.
/// </summary>
public sealed class DnsFile : IDnsSource
{
    const int MostAliases = 8;

    readonly Dictionary<string, Entry> names = new(StringComparer.OrdinalIgnoreCase);

    DnsFile(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
            names[property.Name.TrimEnd('.')] = Read(property.Value);
    }

    /// <summary>Reads the records of a file.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="JsonException">The file is not of the shape described.</exception>
    public static DnsFile Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads records from JSON text.</summary>
    /// <param name="json">An object of names.</param>
    /// <exception cref="JsonException">The text is not of the shape described.</exception>
    public static DnsFile Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("DNS records are a JSON object of names.");
        return new DnsFile(document.RootElement);
    }

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> Ask(string name, DnsType type, CancellationToken cancel = default)
    {
        var current = name.TrimEnd('.');
        for (var step = 0; step <= MostAliases; step++)
        {
            if (!names.TryGetValue(current, out var entry)) return ValueTask.FromResult(Missing(current));
            if (entry.Failure is { } failure && !entry.Records.Any(record => record.Type == type))
                return ValueTask.FromResult(DnsAnswer.Empty(failure));
            var found = entry.Records.Where(record => record.Type == type).ToArray();
            if (found.Length > 0) return ValueTask.FromResult(new DnsAnswer(DnsOutcome.Records, found));
            var alias = entry.Records.FirstOrDefault(record => record.Type == DnsType.Cname);
            if (alias is null) return ValueTask.FromResult(DnsAnswer.Empty(DnsOutcome.NoSuchRecord));
            current = alias.Value;
        }

        return ValueTask.FromResult(DnsAnswer.Empty(DnsOutcome.ServerFailure));
    }

    // A name with names below it exists, though it may hold no record (RFC 8020).
    DnsAnswer Missing(string name) =>
        DnsAnswer.Empty(
            names.Keys.Any(known => known.EndsWith("." + name, StringComparison.OrdinalIgnoreCase))
            ? DnsOutcome.NoSuchRecord
            : DnsOutcome.NoSuchName);

    static Entry Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return ReadText(value.GetString()!);
        if (value.ValueKind != JsonValueKind.Array)
            throw new JsonException("A name holds a text or an array of records.");
        var records = new List<DnsRecord>();
        DnsOutcome? failure = null;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
                failure = ReadText(item.GetString()!).Failure ?? failure;
            else
            {
                foreach (var record in item.EnumerateObject()) Add(records, record);
            }
        }

        return new Entry(records, failure);
    }

    static Entry ReadText(string text)
    {
        if (text is "TIMEOUT") return new Entry([], DnsOutcome.TimeOut);
        if (text is "NXDOMAIN") return new Entry([], DnsOutcome.NoSuchName);
        if (text.Length > 4 && text.StartsWith("~~", StringComparison.Ordinal)
            && text.EndsWith("~~", StringComparison.Ordinal))
        {
            var slow = text.Contains("time", StringComparison.OrdinalIgnoreCase);
            return new Entry([], slow ? DnsOutcome.TimeOut : DnsOutcome.ServerFailure);
        }

        // A text in zone file quotes is the text between them.
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"') text = text[1..^1];
        return new Entry([new DnsRecord(DnsType.Txt, text)], null);
    }

    static void Add(List<DnsRecord> records, JsonProperty record)
    {
        if (!Enum.TryParse<DnsType>(record.Name, ignoreCase: true, out var type)) return;
        var value = record.Value;
        if (value.ValueKind == JsonValueKind.Array && type == DnsType.Mx && value.GetArrayLength() == 2)
            records.Add(new DnsRecord(type, Host(value[1].GetString()), value[0].GetInt32()));
        else if (value.ValueKind == JsonValueKind.Array)
            records.Add(
                new DnsRecord(type, string.Concat(value.EnumerateArray().Select(part => part.GetString()))));
        else if (type is DnsType.Cname or DnsType.Ptr or DnsType.Mx)
            records.Add(new DnsRecord(type, Host(value.GetString())));
        else
            records.Add(new DnsRecord(type, value.GetString() ?? ""));
    }

    static string Host(string? name) => (name ?? "").TrimEnd('.');

    sealed record Entry(IReadOnlyList<DnsRecord> Records, DnsOutcome? Failure);
}
