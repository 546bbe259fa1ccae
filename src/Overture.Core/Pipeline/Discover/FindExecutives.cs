using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.Apollo;
using Overture.Providers.Hunter;
using Overture.Ranking;
using PersonFacts = Overture.Providers.PersonFacts;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that looks for the people who lead companies: Hunter and Apollo name people at a domain, the title
/// parser says who of them leads, and they become leads, whose addresses the Enrich phase finds and checks. A
/// company is one commit.
/// </summary>
public sealed class FindExecutives(
    Database database, Intake intake, Questions questions, ProviderQuestions ask, ProviderClients clients)
    : IJobKind
{
    public const string Name = "find_executives";
    public const int MostPerCompany = 20;
    const int PeopleAtOnce = 25;
    static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);
    static readonly string[] Leaders = ["owner", "founder", "c_suite", "partner", "vp"];

    public string Kind => Name;

    /// <summary>Without companies, those with a domain and nobody known in them.</summary>
    public sealed record Args(
        IReadOnlyList<long>? CompanyIds = null, int PerCompany = 3, Seniority Least = Seniority.CLevel);

    public sealed record Summary(
        int Companies, int WithExecutives, int Leads, int Passed, IReadOnlyList<string> Problems);

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var args = Checked(run.Parameters<Args>());
        var asker = new Asker(run.WorkspaceId, run.Node);
        var reached = run.Checkpoint<Reached>() ?? new Reached(0, new Summary(0, 0, 0, 0, []));
        while (await Next(run.WorkspaceId, args, reached.LastId, cancel) is { } company)
        {
            var (people, passed, wait, problem) = await Look(asker, company, args, cancel);
            if (wait is not null) return wait;
            await using var session = await database.Open(run.WorkspaceId, cancel);
            var leads = 0;
            foreach (var lead in people)
                if ((
                    await intake.Take(
                        session, lead, DuplicateRule.FillBlanks, cancel)).Lead == IntakeEffect.Added)
                    leads++;
            var sum = reached.Summary;
            reached = new Reached(company.Id, sum with
            {
                Companies = sum.Companies + 1, Leads = sum.Leads + leads, Passed = sum.Passed + passed,
                WithExecutives = sum.WithExecutives + (people.Count > 0 ? 1 : 0),
                Problems = problem is null
                    ? sum.Problems : [.. sum.Problems.Append(problem).Distinct().Take(20)],
            });
            await run.SaveCheckpoint(
                session, reached, reached.Summary.Companies, args.CompanyIds?.Count, company.Name, cancel);
            await session.Announce("leads", 0, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(reached.Summary);
    }

    /// <summary>The most senior first; equal ones in the order in which the source names them.</summary>
    public static IReadOnlyList<PersonFacts> Choose(
        IEnumerable<PersonFacts> people, Seniority least, int most) =>
    [
        .. people.Select(person => (Person: person, JobTitle.Parse(person.Title ?? person.Headline).Level))
            .Where(one => one.Level >= least).OrderByDescending(one => one.Level).Take(most)
            .Select(one => one.Person),
    ];

    Task<Company?> Next(long workspaceId, Args args, long afterId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => CompanyStore.NextWithoutPeople(session, args.CompanyIds?.ToArray(), afterId, cancel),
            cancel);

    async Task<(List<CollectedLead> People, int Passed, JobOutcome? Wait, string? Problem)> Look(
        Asker asker, Company company, Args args, CancellationToken cancel)
    {
        string? problem = null;
        foreach (var provider in new[] { HunterOptions.Provider, ApolloOptions.Provider })
        {
            if (await Ask(asker, provider, company.Domain!, cancel) is not { } reply) continue;
            if (reply.Failure is { IsTemporary: true } wait)
                return ([], 0, new JobOutcome.Retry(wait.Sentence, wait.RetryAfter ?? AfterTrouble), null);
            problem ??= reply.Failure?.Sentence;
            var all = reply.Value?.Items ?? [];
            var chosen = Choose(all, args.Least, args.PerCompany);
            if (chosen.Count == 0) continue;
            var leads = new List<CollectedLead>();
            foreach (var person in chosen)
                if (await Whole(asker, provider, person, cancel) is { } whole)
                    leads.Add(Lead(company, provider, whole, reply));
            return (leads, all.Count - chosen.Count, null, null);
        }

        return ([], 0, null, problem);
    }

    async Task<Reply<SearchPage<PersonFacts>>?> Ask(
        Asker asker, string provider, string domain, CancellationToken cancel)
    {
        if (provider == HunterOptions.Provider)
        {
            if (await clients.Find<HunterClient>(asker.WorkspaceId, provider, cancel) is not { } hunter)
                return null;
            return await questions.Ask(
                asker, provider, "domain_search", new { domain }, stop =>
                    hunter.DomainSearch(domain, cancellation: stop), cancel);
        }

        if (await clients.Find<IPeopleSearch>(asker.WorkspaceId, provider, cancel) is not { } client)
            return null;
        var search = new PeopleSearch { Domains = [domain], Seniorities = Leaders, Limit = PeopleAtOnce };
        return await questions.Ask(
            asker, provider, "people_search", search, stop => client.SearchPeople(search, stop), cancel);
    }

    /// <summary>Somebody shown masked is revealed; null when that brought nobody.</summary>
    async Task<PersonFacts?> Whole(Asker asker, string provider, PersonFacts person, CancellationToken cancel)
    {
        if (!person.IsMasked || person.ProviderId is not { } id)
            return person.FullName is null ? null : person;
        return (await ask.Unmask(asker, provider, id, cancel)).Value;
    }

    static CollectedLead Lead(
        Company company, string provider, PersonFacts person, Reply<SearchPage<PersonFacts>> reply) => new()
    {
        Source = provider, Detail = $"executives of {company.Domain}", RawRecordId = reply.RawRecordId,
        Company = company,
        Contact = new Contact
        {
            FullName = person.FullName!, FirstName = person.FirstName, LastName = person.LastName,
            Title = person.Title ?? person.Headline, Email = Waterfall.Best(person)?.Address,
            LinkedInUrl = person.LinkedInUrl, Phone = person.Phones.Count > 0 ? person.Phones[0] : null,
            City = person.City, Region = person.Region, Country = person.Country,
        },
        ContactFacts = Waterfall.FactsOf(person, provider, reply.At, reply.RawRecordId),
    };

    static Args Checked(Args args) => args.PerCompany is >= 1 and <= MostPerCompany
        ? args
        : throw new RuleBroken(
            "bad_number", $"Look for 1 to {MostPerCompany} people per company.", "per_company");

    sealed record Reached(long LastId, Summary Summary);
}
