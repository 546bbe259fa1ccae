namespace Overture.Core.Pipeline;

/// <summary>Something about one cell or row that the user should know.</summary>
public sealed record ImportProblem(int Line, string? Column, string? Value, string Code, string Sentence);

/// <summary>
/// What became, or would become, of a file's rows. Every row is counted once as invalid, a duplicate, new,
/// updated or unchanged.
/// </summary>
public sealed record ImportReport
{
    const int MaxProblems = 200;

    public int Rows { get; init; }
    public int Imported { get; init; }
    public int Invalid { get; init; }

    /// <summary>Rows about somebody whom an earlier row was about; they are taken together.</summary>
    public int DuplicatesInFile { get; init; }

    public int RowsNew { get; init; }
    public int RowsUpdated { get; init; }
    public int RowsUnchanged { get; init; }
    public int Suppressed { get; init; }
    public int RoleAddresses { get; init; }
    public int CompaniesAdded { get; init; }
    public int CompaniesUpdated { get; init; }
    public int ContactsAdded { get; init; }
    public int ContactsUpdated { get; init; }
    public int LeadsAdded { get; init; }
    public int LeadsKnown { get; init; }

    /// <summary>Pairs that may be one person or one company, left for somebody to decide.</summary>
    public int PossibleDuplicates { get; init; }

    public int ProblemCount { get; init; }

    /// <summary>The first problems; <see cref="ProblemCount"/> counts all.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];

    public ImportReport With(IReadOnlyList<ImportProblem> problems) => problems.Count == 0
        ? this
        : this with
        {
            ProblemCount = ProblemCount + problems.Count,
            Problems = Problems.Count >= MaxProblems
                ? Problems : [.. Problems.Concat(problems).Take(MaxProblems)],
        };
}
