using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Overture.Server.Startup;

/// <summary>
/// What was wrong with a request that the framework could not read. Its own messages name .NET types and
/// parameters of handlers; the place, the kind of mistake and what is wanted are what the caller needs.
/// </summary>
static partial class BadInput
{
    const int LongestQuote = 60;

    public static Trouble Of(BadHttpRequestException bad)
    {
        if (bad is BadQuery query)
            return new(bad.StatusCode, ExitCode.Usage, "bad_value", bad.Message, query.Name);
        if (bad.InnerException is JsonException json) return OfJson(json);
        if (UnreadableValue().Match(bad.Message) is { Success: true } value)
        {
            var name = Spelled(value.Groups["name"].Value);
            return new(bad.StatusCode, ExitCode.Usage, "bad_value",
                $"“{name}” is {Wanted(value.Groups["type"].Value)}; "
                + $"“{Quoted(value.Groups["value"].Value)}” is not.",
                name);
        }

        if (MissingValue().Match(bad.Message) is { Success: true } missing)
        {
            var name = Spelled(missing.Groups["name"].Value);
            return new(bad.StatusCode, ExitCode.Usage, "value_missing", $"“{name}” is missing.", name);
        }

        return IsWithoutBody(bad.Message)
            ? new(bad.StatusCode, ExitCode.Usage, "body_missing",
                "A JSON body is needed here and there was none. The fields are described under /docs.")
            : new(bad.StatusCode, ExitCode.Usage, "bad_request", bad.Message);
    }

    /// <summary>The same for what the command line says of an argument.</summary>
    public static string OfArgument(string message) =>
        UnreadableArgument().Match(message) is { Success: true } wrong
            ? $"“{wrong.Groups["value"].Value}” is not {Wanted(wrong.Groups["type"].Value)} "
                + $"({wrong.Groups["symbol"].Value})."
            : message;

    /// <summary>The same of a file; the line is that of its own format, when it is not JSON.</summary>
    public static Trouble OfFile(JsonException json, string file, long? line) =>
        OfJson(json, file, line is null ? null : $" at line {line}");

    static Trouble OfJson(
        JsonException json, string subject = "The JSON body", string? givenPlace = null)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? path[2..] : null;
        var place = givenPlace ?? (json.LineNumber is { } line
            ? $" at line {line + 1}, position {json.BytePositionInLine + 1}" : "");
        var (what, then, named) = Mistake(json.Message, field);
        return new(
            400, ExitCode.Usage, "malformed_json", $"{subject} {what}{place}{then}.", named ?? field);
    }

    static (string What, string Then, string? Field) Mistake(string message, string? field)
    {
        var at = field is null ? "" : $" in the field “{field}”";
        if (MissingFields().Match(message) is { Success: true } missing)
        {
            var names = missing.Groups["names"].Value.Replace("'", "", StringComparison.Ordinal);
            var all = names.Split(", ");
            return (
                all.Length == 1 ? "lacks a required field" : "lacks required fields", $": {names}", all[0]);
        }

        if (UnknownField().Match(message) is { Success: true } unknown)
            return (
                $"names a field that does not exist, “{field ?? unknown.Groups["name"].Value}”,",
                Fields(unknown.Groups["type"].Value), field);
        if (message.Contains("uplicate", StringComparison.Ordinal))
            return ($"names a field twice{at}", "", field);
        if (Unconvertible().Match(message) is { Success: true } kind)
            return (
                $"cannot be read{at}", $": wanted is {Wanted(kind.Groups["type"].Value, field)}", field);
        return message.Contains("null", StringComparison.Ordinal)
            ? ($"holds null{at}", ", where a value is needed", field)
            : ($"is not JSON{at}", "", field);
    }

    static string Wanted(string type)
    {
        var plain = Wrapped().Match(type) is { Success: true } inner ? inner.Groups["type"].Value : type;
        return plain[(plain.LastIndexOf('.') + 1)..] switch
        {
            "int" or "long" or "short" or "Int32" or "Int64" or "Int16" => "a whole number",
            "decimal" or "double" or "Decimal" or "Double" => "a number",
            "bool" or "Boolean" => "true or false",
            "string" or "String" => "a text",
            "DateOnly" => "a day such as 2026-11-30",
            "TimeOnly" => "a time of day such as 09:00",
            "DateTimeOffset" or "DateTime" => "a moment such as 2026-11-30T09:00:00Z",
            _ when Ours(plain) is { IsEnum: true } words =>
                $"one of: {string.Join(", ", Enum.GetNames(words).Select(Spelled))}",
            _ when plain.EndsWith(']') => "a list",
            _ => "an object",
        };
    }

    // Of a value inside an object the message may name the object alone; the path tells the rest.
    static string Wanted(string type, string? field)
    {
        var inner = field is null ? null : Ours(type)?.GetProperties()
            .FirstOrDefault(one => Spelled(one.Name) == field[(field.LastIndexOf('.') + 1)..]);
        return Wanted(inner?.PropertyType.ToString() ?? type);
    }

    static string Fields(string type)
    {
        var names = Ours(type)?.GetProperties().Where(IsTaken).Select(one => Spelled(one.Name)).ToList();
        return names is { Count: > 0 } ? $"; there are {string.Join(", ", names)}" : "";
    }

    static bool IsTaken(PropertyInfo property) =>
        property.SetMethod is not null && !property.IsDefined(typeof(JsonIgnoreAttribute));

    static Type? Ours(string type) => AppDomain.CurrentDomain.GetAssemblies()
        .Where(one => one.GetName().Name?.StartsWith("Overture", StringComparison.OrdinalIgnoreCase) == true)
        .Select(one => one.GetType(type))
        .FirstOrDefault(one => one is not null);

    static bool IsWithoutBody(string message) =>
        message.StartsWith("Implicit body inferred", StringComparison.Ordinal)
        || message.EndsWith("from body.", StringComparison.Ordinal);

    static string Spelled(string name) => Spelling.Outside.ConvertName(name);

    static string Quoted(string value) =>
        value.Length <= LongestQuote ? value : value[..LongestQuote] + "…";

    [GeneratedRegex(
        """^Failed to bind parameter "(?<type>.+) (?<name>\w+)" from "(?<value>.*)"\.$""",
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex UnreadableValue();

    [GeneratedRegex(
        "^Cannot parse argument '(?<value>.*)' for (option|command) '(?<symbol>.*)' as expected type "
        + "'(?<type>[^']+)'",
        RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex UnreadableArgument();

    [GeneratedRegex(
        """^Required parameter "(?<type>.+) (?<name>\w+)" was not provided from (query|form|header|route)""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MissingValue();

    [GeneratedRegex("including: (?<names>'[^.]+')", RegexOptions.NonBacktracking)]
    private static partial Regex MissingFields();

    [GeneratedRegex("JSON property '(?<name>[^']*)' could not be mapped.*type '(?<type>[^']*)'",
        RegexOptions.NonBacktracking)]
    private static partial Regex UnknownField();

    [GeneratedRegex(@"could not be converted to (?<type>.+?)\. Path", RegexOptions.NonBacktracking)]
    private static partial Regex Unconvertible();

    [GeneratedRegex(@"^(System\.)?Nullable(`1)?[\[<](?<type>[^,\]>]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Wrapped();
}

/// <summary>A name of the query with a value that it does not take.</summary>
sealed class BadQuery(string name, string sentence) : BadHttpRequestException(sentence)
{
    public string Name { get; } = name;
}
