using System.Text.Json;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>What to do when a company or person is known already.</summary>
public enum DuplicateRule
{
    FillBlanks,
    Overwrite,
    Skip,
}

/// <summary>An uploaded file, how its columns are read, and what became of it.</summary>
public sealed record Import
{
    public long Id { get; init; }
    public required string FileName { get; init; }
    public required byte[] Content { get; init; }
    public string? Mapping { get; init; }
    public string RuleWord { get; init; } = "fill_blanks";
    public required string State { get; init; }

    /// <summary>The report as JSON, kept with every batch.</summary>
    public string? Report { get; init; }

    public long? JobId { get; init; }
    public DateTime CreatedAt { get; init; }

    public DuplicateRule DuplicateRule => RuleWord switch
    {
        "overwrite" => DuplicateRule.Overwrite,
        "skip" => DuplicateRule.Skip,
        _ => DuplicateRule.FillBlanks,
    };

    /// <summary>Column to field.</summary>
    public IReadOnlyDictionary<string, string> MappingOf() =>
        Mapping is null
            ? new Dictionary<string, string>()
            : JsonSerializer.Deserialize<Dictionary<string, string>>(Mapping, JobJson.Options)!;
}
