using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Overture.Server.Cli;

/// <summary>
/// YAML read as strictly as JSON: it is turned into JSON, and what is wrong in that is told with the line of
/// the YAML. A text stays a text, whatever it looks like: the type that is wanted decides, not the spelling.
/// </summary>
sealed class StrictYaml(JsonSerializerOptions style)
{
    const int Deepest = 32;
    static readonly char[] OtherLineEnds = ['\r', '\u0085', '\u2028', '\u2029'];
    readonly Dictionary<string, long> lines = new(StringComparer.Ordinal);

    /// <exception cref="YamlException">It is no YAML, or YAML of a kind that is not taken.</exception>
    /// <exception cref="JsonException">It is not what is wanted; the path says where.</exception>
    public T? Read<T>(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        if (parser.Current is StreamEnd) return default;
        parser.Consume<DocumentStart>();
        var node = Value(parser, style.GetTypeInfo(typeof(T)), "$", 0);
        parser.Consume<DocumentEnd>();
        if (parser.Current is not StreamEnd) throw At(parser.Current!, "a second document begins here");
        return node.Deserialize<T>(style);
    }

    /// <summary>Where a JSON path stands in the YAML, or else the nearest thing around it.</summary>
    public long? LineOf(string path)
    {
        for (var part = path; part.Length > 0; part = part[..Math.Max(part.LastIndexOfAny(['.', '[']), 0)])
            if (lines.TryGetValue(part, out var line)) return line;
        return null;
    }

    /// <summary>The same value as YAML; texts of several lines stand as they are read.</summary>
    public string Write<T>(T value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var node = JsonSerializer.SerializeToNode(value, style);
        new YamlStream(new YamlDocument(Written(node))).Save(text, assignAnchors: false);
        var written = text.ToString();
        const string EndMark = "...\n";
        return written.EndsWith(EndMark, StringComparison.Ordinal) ? written[..^EndMark.Length] : written;
    }

    JsonNode? Value(IParser parser, JsonTypeInfo? wanted, string path, int depth)
    {
        var now = parser.Current!;
        lines.TryAdd(path, now.Start.Line);
        if (depth > Deepest) throw At(now, "it is nested too deeply");
        if (now is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw At(now, "anchors and aliases (& and *) are not used");
        parser.MoveNext();
        return now switch
        {
            Scalar scalar => Plain(scalar, wanted?.Type),
            SequenceStart => List(parser, wanted, path, depth),
            MappingStart => Fields(parser, wanted, path, depth),
            _ => throw At(now, "a value is missing"),
        };
    }

    JsonArray List(IParser parser, JsonTypeInfo? wanted, string path, int depth)
    {
        var element = wanted?.ElementType is { } type ? style.GetTypeInfo(type) : null;
        var list = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            list.Add(Value(parser, element, $"{path}[{list.Count}]", depth + 1));
        return list;
    }

    JsonObject Fields(IParser parser, JsonTypeInfo? wanted, string path, int depth)
    {
        var fields = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Current is not Scalar { Anchor.IsEmpty: true } name)
                throw At(parser.Current!, "the name of a field is a plain word");
            parser.MoveNext();
            if (fields.ContainsKey(name.Value)) throw At(name, $"“{name.Value}” stands here again");
            var known = wanted?.Properties.FirstOrDefault(one => one.Name == name.Value);
            var inner = $"{path}.{name.Value}";
            lines.TryAdd(inner, name.Start.Line);
            fields.Add(
                name.Value,
                Value(parser, known is null ? null : style.GetTypeInfo(known.PropertyType), inner,
                    depth + 1));
        }

        return fields;
    }

    static JsonNode? Plain(Scalar scalar, Type? wanted)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain) return text;
        if (IsNothing(text)) return null;
        if (wanted == typeof(string)) return text;
        if (text is "true" or "false") return text == "true";
        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    static YamlNode Written(JsonNode? node) => node switch
    {
        JsonObject fields => new YamlMappingNode(
            fields.Select(one => KeyValuePair.Create((YamlNode)one.Key, Written(one.Value)))),
        JsonArray { Count: 0 } => new YamlSequenceNode { Style = YamlDotNet.Core.Events.SequenceStyle.Flow },
        JsonArray list => new YamlSequenceNode(list.Select(Written)),
        null => new YamlScalarNode("null"),
        _ => new YamlScalarNode(node.ToString()) { Style = StyleOf(node) },
    };

    static ScalarStyle StyleOf(JsonNode node) =>
        node.GetValueKind() != JsonValueKind.String ? ScalarStyle.Plain
        : node.ToString() switch
        {
            // Outside quotes every kind of line end is read as the one.
            var text when IsNothing(text) || text.IndexOfAny(OtherLineEnds) >= 0 => ScalarStyle.DoubleQuoted,
            var text when text.Contains('\n', StringComparison.Ordinal) => ScalarStyle.Literal,
            _ => ScalarStyle.Any,
        };

    static bool IsNothing(string text) => text is "" or "~" or "null";

    static YamlException At(ParsingEvent place, string what) => new(place.Start, place.End, what);
}
