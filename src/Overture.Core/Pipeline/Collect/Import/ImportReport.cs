namespace Overture.Core.Pipeline;

/// <summary>Something about one cell or row that the user should know.</summary>
public sealed record ImportProblem(int Line, string? Column, string? Value, string Code, string Sentence);

/// <summary>What became, or would become, of a file's rows.</summary>
public sealed record ImportReport
{
    const int MaxProblems = 1_000;

    public int Rows { get; init; }
    public int Imported { get; init; }
    public int Invalid { get; init; }
    public int DuplicatesInFile { get; init; }
    public int Suppressed { get; init; }
    public int RoleAddresses { get; init; }
    public int CompaniesAdded { get; init; }
    public int CompaniesUpdated { get; init; }
    public int ContactsAdded { get; init; }
    public int ContactsUpdated { get; init; }
    public int LeadsAdded { get; init; }
    public int LeadsKnown { get; init; }
    public int ProblemCount { get; init; }

    /// <summary>The first problems; <see cref="ProblemCount"/> counts all.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];

    public ImportReport With(IntakeResult result) => this with
    {
        CompaniesAdded = CompaniesAdded + One(result.Company, IntakeEffect.Added),
        CompaniesUpdated = CompaniesUpdated + One(result.Company, IntakeEffect.Updated),
        ContactsAdded = ContactsAdded + One(result.Contact, IntakeEffect.Added),
        ContactsUpdated = ContactsUpdated + One(result.Contact, IntakeEffect.Updated),
        LeadsAdded = LeadsAdded + One(result.Lead, IntakeEffect.Added),
        LeadsKnown = LeadsKnown + One(result.Lead, IntakeEffect.Unchanged),
        Suppressed = Suppressed + (result.Suppression is null ? 0 : 1),
    };

    public ImportReport With(IReadOnlyList<ImportProblem> problems) => problems.Count == 0
        ? this
        : this with
        {
            ProblemCount = ProblemCount + problems.Count,
            Problems = [.. Problems.Concat(problems).Take(MaxProblems)],
        };

    static int One(IntakeEffect effect, IntakeEffect wanted) => effect == wanted ? 1 : 0;
}
