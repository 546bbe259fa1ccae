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

/// <summary>The life of an import; docs/states/import.md draws it.</summary>
public enum ImportState
{
    Uploaded,
    Running,
    Completed,
    Failed,
    Undone,
}

/// <summary>An uploaded file, how its columns are read, and what became of it.</summary>
public sealed record Import
{
    public long Id { get; init; }
    public required string FileName { get; init; }

    /// <summary>The character set it came in, or the kind of workbook; it is kept as UTF-8 text.</summary>
    public string Encoding { get; init; } = "";

    public long RowCount { get; init; }
    public long SizeBytes { get; init; }

    /// <summary>The tool whose export this seems to be; null for a file of one's own.</summary>
    public string? Recognised { get; init; }

    public string? Mapping { get; init; }
    public string RuleWord { get; init; } = "fill_blanks";
    public ImportState State { get; init; }

    /// <summary>The report as JSON, kept with every batch.</summary>
    public string? Report { get; init; }

    public long? JobId { get; init; }
    public string CreatedBy { get; init; } = "";
    public DateTime CreatedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
    public DateTime? ForgottenAt { get; init; }
    public DateTime? UndoneAt { get; init; }

    /// <summary>What its undo took back and what it kept, as JSON.</summary>
    public string? UndoReport { get; init; }

    public bool CanUndo => State is ImportState.Completed or ImportState.Failed && ForgottenAt is null;

    public DuplicateRule DuplicateRule => RuleOf(RuleWord);

    /// <summary>Column to field.</summary>
    public IReadOnlyDictionary<string, string> MappingOf() =>
        Mapping is null
            ? new Dictionary<string, string>()
            : JsonSerializer.Deserialize<Dictionary<string, string>>(Mapping, JobJson.Options)!;

    internal static DuplicateRule RuleOf(string word) => word switch
    {
        "overwrite" => DuplicateRule.Overwrite,
        "skip" => DuplicateRule.Skip,
        _ => DuplicateRule.FillBlanks,
    };
}
