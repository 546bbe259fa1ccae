using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that turns the Form D filings of a range of days into companies, contacts and leads. A filing, its
/// raw payload and what was made of it are one commit, so a killed run goes on where it was and nothing comes
/// twice.
/// </summary>
public sealed class CollectSecEdgar(
    Database database, Intake intake, ProviderClients clients, TimeProvider time) : IJobKind
{
    public const string Name = "collect_sec_edgar";
    public const int LongestRangeDays = 366;
    static readonly TimeSpan RestAfterRefusal = TimeSpan.FromMinutes(11);

    public string Kind => Name;

    /// <summary>Days are inclusive. Funds are most of all filings and seldom anybody's customers.</summary>
    public sealed record Args(DateOnly From, DateOnly To, bool SkipFunds = false);

    /// <summary>What came of it. Listed = Known + Parsed + Missing + Failed.</summary>
    public sealed record Summary
    {
        public int Days { get; init; }
        public int DaysWithoutIndex { get; init; }
        public int Rows { get; init; }

        /// <summary>Index rows that list a filing a second time, for a co-issuer.</summary>
        public int Duplicates { get; init; }

        public int MalformedRows { get; init; }
        public int Listed { get; init; }

        /// <summary>Taken in by an earlier run.</summary>
        public int Known { get; init; }

        public int Fetched { get; init; }
        public int Parsed { get; init; }

        /// <summary>Listed, but without a document.</summary>
        public int Missing { get; init; }

        public int Failed { get; init; }
        public int SkippedFunds { get; init; }
        public int Companies { get; init; }
        public int Contacts { get; init; }
        public int Leads { get; init; }

        /// <summary>People of these filings who were leads already.</summary>
        public int KnownLeads { get; init; }

        /// <summary>The first problems, in words.</summary>
        public IReadOnlyList<string> Problems { get; init; } = [];
    }

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var args = Checked(run.Parameters<Args>());
        var reached = run.Checkpoint<Reached>() ?? new Reached();
        var known = await database.InWorkspace(
            run.WorkspaceId, session => FactStore.KnownRaw(session, FormDLeads.Source, cancel), cancel);
        var progress = new CollectionProgress();
        var problems = new List<string>();
        var before = reached.Taken;
        var client = await clients.SecEdgar(run.WorkspaceId, cancel);
        var filings = new FormDCollector(client).Collect(args.From, args.To, known, progress, cancel);
        await foreach (var filing in filings)
        {
            if (filing.Failure is { } failure && failure.Kind != FailureKind.NotFound)
                problems.Add($"{filing.Listed.Accession}: {failure.Sentence}");
            reached = filing.Filing is null
                ? reached
                : await Take(run, filing, args, reached, progress, cancel);
            await run.Report(Done(progress), progress.Listed, $"Filing {filing.Listed.Accession}", cancel);
        }

        if (progress.StoppedBy is { } stopped)
            return new JobOutcome.Retry(stopped.Sentence, stopped.RetryAfter ?? RestAfterRefusal);
        problems.AddRange(
            progress.FailedIndexes.Select(failed => $"Index {failed.Index}: {failed.Failure.Sentence}"));
        problems.AddRange(
            progress.MalformedRows.Select(
                bad => $"Index {bad.Index}, line {bad.Row.LineNumber}: {bad.Row.Reason}"));
        return new JobOutcome.Completed(Sum(progress, reached, before, problems));
    }

    async Task<Reached> Take(
        JobRun run, CollectedFiling collected, Args args, Reached reached, CollectionProgress progress,
        CancellationToken cancel)
    {
        var filing = collected.Filing!;
        await using var session = await database.Open(run.WorkspaceId, cancel);
        var raw = collected.Raw!;
        var at = time.GetUtcNow().UtcDateTime;
        var rawId = await FactStore.KeepRaw(
            session, FormDLeads.Source, collected.Listed.Accession, raw.Address.ToString(), raw.MediaType,
            raw.Body, at, cancel, FormDLeads.Operation);
        var isFund = filing.FundType is not null || filing.IndustryGroup == "Pooled Investment Fund";
        reached = reached with { Taken = reached.Taken + 1 };
        if (!filing.IsLive || (args.SkipFunds && isFund))
            reached = reached with { SkippedFunds = reached.SkippedFunds + 1 };
        else
            foreach (var lead in FormDLeads.From(filing, collected.Listed, rawId, at))
                reached = reached.With(await intake.Take(session, lead, DuplicateRule.FillBlanks, cancel));
        await run.SaveCheckpoint(
            session, reached, Done(progress), progress.Listed, $"Filing {collected.Listed.Accession}",
            cancel);
        await session.Announce("leads", 0, cancel);
        await session.Commit(cancel);
        return reached;
    }

    static Summary Sum(CollectionProgress progress, Reached reached, int before, List<string> problems) =>
        new()
    {
        Days = progress.Days, DaysWithoutIndex = progress.DaysWithoutIndex, Rows = progress.Rows,
        Duplicates = progress.Duplicates, MalformedRows = progress.MalformedRows.Count,
        Listed = progress.Listed,
        // What this very job took in before it was interrupted is its own work, not somebody else's.
        Known = progress.Known - before, Fetched = progress.Fetched + before,
        Parsed = progress.Parsed + before, Missing = progress.Missing, Failed = progress.Failed,
        SkippedFunds = reached.SkippedFunds, Companies = reached.Companies, Contacts = reached.Contacts,
        Leads = reached.Leads, KnownLeads = reached.KnownLeads, Problems = [.. problems.Take(20)],
    };

    static Args Checked(Args args)
    {
        if (args.To < args.From)
            throw new RuleBroken(
                "bad_range",
                $"The range ends ({args.To:yyyy-MM-dd}) before it begins ({args.From:yyyy-MM-dd}).", "to");
        if (args.To.DayNumber - args.From.DayNumber >= LongestRangeDays)
            throw new RuleBroken(
                "range_too_long", $"A range has at most {LongestRangeDays} days; split it.", "to");
        return args;
    }

    static long Done(CollectionProgress progress) =>
        progress.Known + progress.Parsed + progress.Missing + progress.Failed;

    sealed record Reached(
        int Taken = 0, int SkippedFunds = 0, int Companies = 0, int Contacts = 0, int Leads = 0,
        int KnownLeads = 0)
    {
        public Reached With(IntakeResult result) => this with
        {
            Companies = Companies + One(result.Company == IntakeEffect.Added),
            Contacts = Contacts + One(result.Contact == IntakeEffect.Added),
            Leads = Leads + One(result.Lead == IntakeEffect.Added),
            KnownLeads = KnownLeads + One(result.Lead == IntakeEffect.Unchanged),
        };

        static int One(bool isSo) => isSo ? 1 : 0;
    }
}
