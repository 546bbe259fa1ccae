using System.Text.Json.Nodes;
using Overture.Testing;

namespace Overture.Mail.Tests.Inbound;

/// <summary>A labelled file of the outside test data.</summary>
sealed record LabelledFile(string Name, string Path, string Format, string Source, JsonObject Expected)
{
    public byte[] Bytes => File.ReadAllBytes(Path);

    public string Text => File.ReadAllText(Path);

    public ReceivedEmail Email => MimeReader.Read(Bytes);

    /// <summary>The strings of a list in the label; empty when the label has none of this name.</summary>
    public List<string> Strings(string name) =>
        Expected[name] is JsonArray list ? [.. list.Select(v => v!.GetValue<string>())] : [];
}

static class Corpus
{
    /// <summary>The labelled files of a corpus; null when the outside data is absent.</summary>
    public static List<LabelledFile>? Read(string corpus)
    {
        var folder = SharedData.PathOf($"email/{corpus}");
        if (folder is null) return null;
        return [.. File.ReadLines(Path.Combine(folder, "expected.jsonl")).Select(line =>
            Label(folder, line))];
    }

    static LabelledFile Label(string folder, string line)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        var name = row["file"]!.GetValue<string>();
        return new LabelledFile(
            name, Path.Combine(folder, name), row["format"]?.GetValue<string>() ?? "eml",
            row["source"]?.GetValue<string>() ?? "", row["expected"]!.AsObject());
    }
}
