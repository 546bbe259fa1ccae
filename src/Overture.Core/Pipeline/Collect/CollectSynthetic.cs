using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>The job that fills a workspace with synthetic leads.</summary>
public sealed class CollectSynthetic(Database database, Intake intake) : IJobKind
{
    public const string Name = "collect_synthetic";
    const int BatchSize = 100;

    public string Kind => Name;

    public sealed record Args(int Count, int Seed);

    public sealed record Summary(int Generated, int Leads, int Duplicates, SyntheticSummary Validation);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var args = run.Parameters<Args>();
        var leads = SyntheticLeads.Generate(args.Count, args.Seed);
        var done = run.Checkpoint<Reached>() ?? new Reached(0, 0, 0);
        while (done.Taken < leads.Count)
        {
            await using var session = await database.Open(run.WorkspaceId, cancel);
            foreach (var lead in leads.Skip(done.Taken).Take(BatchSize))
            {
                var result = await intake.Take(session, lead, DuplicateRule.FillBlanks, cancel);
                done = result.Lead == IntakeEffect.Added
                    ? done with { Taken = done.Taken + 1, Added = done.Added + 1 }
                    : done with { Taken = done.Taken + 1, Duplicates = done.Duplicates + 1 };
            }

            await run.SaveCheckpoint(
                session, done, done.Taken, leads.Count, "Making synthetic leads", cancel);
            await session.Announce("leads", 0, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(
            new Summary(leads.Count, done.Added, done.Duplicates, SyntheticLeads.Summarise(leads)));
    }

    sealed record Reached(int Taken, int Added, int Duplicates);
}
