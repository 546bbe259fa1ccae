using Overture.Core.Model;
using Overture.Mail;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Overture.Core.Pipeline;

/// <summary>Something a column can be read as.</summary>
public sealed record ImportField
{
    public required string Key { get; init; }
    public required string Label { get; init; }
    public required List<string> Headers { get; init; }
}

/// <summary>Everything a column can be read as, and the headers under which it comes.</summary>
public static class ImportFields
{
    public static IReadOnlyList<ImportField> All { get; } = Read();

    static readonly Dictionary<string, ImportField> ByHeader = Index();

    /// <summary>The keys of all fields, for sentences that name them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(field => field.Key));

    public static ImportField? ForHeader(string header) => ByHeader.GetValueOrDefault(Fold(header));

    public static ImportField Get(string key) =>
        All.FirstOrDefault(field => field.Key == key)
        ?? throw new RuleBroken(
            "unknown_import_field",
            $"“{key}” is not a field. Fields: {Names}; or skip.",
            "mapping");

    /// <summary>A cell that no header would hold: an address, a link, a number.</summary>
    public static bool LooksLikeData(string cell) =>
        IsAddress(cell) || cell.Contains("://", StringComparison.Ordinal)
        || (cell.Length > 0
            && cell.All(letter => char.IsDigit(letter) || letter is '.' or ',' or '-' or '/'));

    public static bool IsAddress(string cell) =>
        cell.Contains('@', StringComparison.Ordinal) && EmailAddress.TryParse(cell, out _, out _);

    internal static string Fold(string header) =>
        string.Concat(header.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    static Dictionary<string, ImportField> Index()
    {
        var index = new Dictionary<string, ImportField>(StringComparer.Ordinal);
        foreach (var field in All)
        foreach (var header in field.Headers.Append(field.Key).Append(field.Label))
            index.TryAdd(Fold(header), field);
        return index;
    }

    static List<ImportField> Read()
    {
        using var stream = typeof(ImportFields).Assembly.GetManifestResourceStream("import-fields.yaml")
            ?? throw new InvalidOperationException(
                "The resource import-fields.yaml is not part of this build.");
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build()
            .Deserialize<List<ImportField>>(reader);
    }
}
