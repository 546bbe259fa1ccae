using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Pipeline;

/// <summary>A tool's export: the headers that give it away, and what is read from its columns.</summary>
public sealed record ImportSource
{
    public required string Name { get; init; }
    public required List<string> Headers { get; init; }
    public Dictionary<string, string> Columns { get; init; } = [];

    /// <summary>The field of a column, or "skip"; null where its header says enough.</summary>
    public string? FieldOf(string column) => Columns
        .FirstOrDefault(pair => ImportFields.Fold(pair.Key) == ImportFields.Fold(column)).Value;
}

/// <summary>Exports that are recognised.</summary>
public static class ImportSources
{
    public static IReadOnlyList<ImportSource> All { get; } = Read();

    /// <summary>The tool whose export has these columns; null for a list of somebody's own.</summary>
    public static ImportSource? Of(IReadOnlyList<string> columns)
    {
        var folded = columns.Select(ImportFields.Fold).ToHashSet(StringComparer.Ordinal);
        return All.FirstOrDefault(
            source => source.Headers.TrueForAll(header => folded.Contains(ImportFields.Fold(header))));
    }

    static List<ImportSource> Read()
    {
        using var stream = typeof(ImportSources).Assembly.GetManifestResourceStream("import-sources.yaml")
            ?? throw new InvalidOperationException(
                "The resource import-sources.yaml is not part of this build.");
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build()
            .Deserialize<List<ImportSource>>(reader);
    }
}
