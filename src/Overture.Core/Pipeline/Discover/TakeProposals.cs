using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that turns approved proposals into leads. Masked ones are revealed first, which costs; the answer
/// is kept with its question, and each proposal is one commit.
/// </summary>
public sealed class TakeProposals(
    Database database, Intake intake, ProviderQuestions ask, TimeProvider time) : IJobKind
{
    public const string Name = "take_proposals";
    static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);

    public string Kind => Name;

    public sealed record Args(long DiscoveryId);

    public sealed record Summary(int Taken, int Leads, int Dismissed, IReadOnlyList<string> Problems);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var id = run.Parameters<Args>().DiscoveryId;
        var reached = run.Checkpoint<Reached>() ?? new Reached(0, 0, 0, 0, []);
        var asker = new Asker(run.WorkspaceId, run.Node);
        while (await Next(run.WorkspaceId, id, reached.LastId, cancel) is { } proposal)
        {
            var revealed = await Reveal(asker, proposal, cancel);
            if (revealed?.Failure is { IsTemporary: true } wait)
                return new JobOutcome.Retry(wait.Sentence, wait.RetryAfter ?? AfterTrouble);
            await using var session = await database.Open(run.WorkspaceId, cancel);
            reached = await Take(session, proposal, revealed, reached, cancel);
            await run.SaveCheckpoint(session, reached, reached.Taken, null, "Taking proposals in", cancel);
            await session.Announce("leads", 0, cancel);
            await session.Announce(Discoveries.LiveTopic, id, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(
            new Summary(reached.Taken, reached.Leads, reached.Dismissed, reached.Problems));
    }

    Task<Proposal?> Next(long workspaceId, long id, long afterId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => DiscoveryStore.NextApproved(session, id, afterId, cancel), cancel);

    async Task<Reply<PersonFacts>?> Reveal(Asker asker, Proposal proposal, CancellationToken cancel) =>
        proposal.IsMasked
            ? await ask.Unmask(asker, proposal.Source, proposal.ExternalId, cancel)
            : null;

    async Task<Reached> Take(
        Session session, Proposal proposal, Reply<PersonFacts>? revealed, Reached reached,
        CancellationToken cancel)
    {
        reached = reached with { LastId = proposal.Id };
        if (revealed is { Kind: ReplyKind.Blocked or ReplyKind.Nothing })
        {
            var why = revealed.Kind == ReplyKind.Blocked
                ? "They objected." : "The source does not know them.";
            await DiscoveryStore.Settle(session, proposal.Id, ProposalState.Dismissed, null, why, cancel);
            return reached with { Dismissed = reached.Dismissed + 1 };
        }

        // A lost or refused answer leaves the proposal approved, with the reason beside it.
        if (revealed is { Kind: not ReplyKind.Found })
        {
            var why = revealed.Failure?.Sentence ?? "The answer was lost; it may have been paid.";
            await DiscoveryStore.Settle(session, proposal.Id, ProposalState.Approved, null, why, cancel);
            return reached with { Problems = [.. reached.Problems.Take(20), why] };
        }

        var lead = Lead(proposal, revealed, time.GetUtcNow().UtcDateTime);
        var result = await intake.Take(session, lead, DuplicateRule.FillBlanks, cancel);
        await DiscoveryStore.Settle(session, proposal.Id, ProposalState.Taken, result.LeadId, null, cancel);
        return reached with
        {
            Taken = reached.Taken + 1, Leads = reached.Leads + (result.Lead == IntakeEffect.Added ? 1 : 0),
        };
    }

    static CollectedLead Lead(Proposal proposal, Reply<PersonFacts>? revealed, DateTime now)
    {
        var found = proposal.Content;
        var person = revealed?.Value;
        var rawId = revealed?.RawRecordId ?? proposal.RawRecordId;
        var name = person?.FullName ?? found.FullName;
        var email = person is null ? found.Email : Waterfall.Best(person)?.Address ?? found.Email;
        // An address of the company itself is somebody's desk, too.
        if (name is null && email is not null) name = found.CompanyName;
        return new CollectedLead
        {
            Source = proposal.Source, Detail = $"proposal {proposal.Id}", RawRecordId = rawId,
            Company = found.CompanyName is null ? null : new Company
            {
                Name = found.CompanyName, Domain = found.Domain,
                Website = found.Domain is null ? null : $"https://{found.Domain}", Industry = found.Industry,
                Description = found.Description, Country = found.Country, City = found.City,
                EmployeeCount = found.EmployeeCount is { } count and >= 0 and <= int.MaxValue
                    ? (int)count : null,
            },
            Contact = name is null ? null : new Contact
            {
                FullName = name, FirstName = person?.FirstName ?? found.FirstName,
                LastName = person?.LastName ?? (proposal.IsMasked ? null : found.LastName),
                Title = person?.Title ?? found.Title, Email = email,
                LinkedInUrl = person?.LinkedInUrl ?? found.LinkedInUrl,
                Country = person?.Country ?? found.Country, City = person?.City ?? found.City,
            },
            ContactFacts = person is null
                ? []
                : Waterfall.FactsOf(person, proposal.Source, revealed!.At, rawId),
            CompanyFacts = OfSite(found, proposal, now),
        };
    }

    static List<Fact> OfSite(ProposalContent found, Proposal proposal, DateTime now)
    {
        var facts = new List<Fact>();
        if (found.Addresses.Count > 0)
            facts.Add(new Fact(
                "contact_addresses", JsonSerializer.Serialize(found.Addresses), "crawler", 1, now,
                proposal.RawRecordId));
        if (found.ContactPage is { } page)
            facts.Add(new Fact(
                "contact_page", JsonSerializer.Serialize(page), "crawler", 1, now, proposal.RawRecordId));
        if (found.Authority is { } authority)
            facts.Add(new Fact(
                "domain_authority", JsonSerializer.Serialize(authority), proposal.Source, 1, now,
                proposal.RawRecordId));
        return facts;
    }

    sealed record Reached(
        long LastId, int Taken, int Leads, int Dismissed, IReadOnlyList<string> Problems);
}
