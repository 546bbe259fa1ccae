using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Providers;
using Overture.Providers.HubSpot;
using Overture.Providers.Lemlist;
using Overture.Providers.Outbound;
using Answer = Overture.Providers.Outbound.Answer;

namespace Overture.Core.Pipeline;

/// <summary>
/// The job that brings contacts over from HubSpot or lemlist, page by page through the one intake. lemlist's
/// unsubscribes come first: whoever opted out there is suppressed before they could become a lead.
/// </summary>
public sealed class CollectCrm(Database database, Intake intake, ProviderClients clients, TimeProvider time)
    : IJobKind
{
    public const string Name = "collect_crm";
    static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(5);
    static readonly string[] Known = [HubSpotOptions.Provider, LemlistOptions.Provider];

    public string Kind => Name;

    public sealed record Args(string Provider);

    public sealed record Summary
    {
        public int Read { get; init; }
        public int Companies { get; init; }
        public int Contacts { get; init; }
        public int Leads { get; init; }
        public int KnownLeads { get; init; }

        /// <summary>Entries without a name and without an address.</summary>
        public int Unusable { get; init; }

        public int Suppressions { get; init; }
    }

    public async Task<JobOutcome> Run(JobRun run, CancellationToken cancel)
    {
        var provider = run.Parameters<Args>().Provider;
        if (!Known.Contains(provider))
            throw new RuleBroken(
                "unknown_provider", $"Bring over from {string.Join(" or ", Known)}, not from “{provider}”.",
                "provider");
        var reached = run.Checkpoint<Reached>() ?? new Reached("", null, new Summary());
        while (!reached.IsDone)
        {
            var page = provider == HubSpotOptions.Provider
                ? await HubSpot(run.WorkspaceId, reached, cancel)
                : await Lemlist(run.WorkspaceId, reached, cancel);
            if (page.Failure is { } failure)
                return failure.IsTemporary
                    ? new JobOutcome.Retry(failure.Sentence, failure.RetryAfter ?? AfterTrouble)
                    : new JobOutcome.GiveUp(failure.Sentence);
            await using var session = await database.Open(run.WorkspaceId, cancel);
            reached = await Take(session, provider, page, reached.Summary, cancel);
            await run.SaveCheckpoint(
                session, reached, reached.Summary.Read, null, $"Reading {provider}", cancel);
            await session.Announce("leads", 0, cancel);
            await session.Commit(cancel);
        }

        return new JobOutcome.Completed(reached.Summary);
    }

    async Task<Batch> HubSpot(long workspaceId, Reached at, CancellationToken cancel)
    {
        var client = await clients.Get<HubSpotClient>(workspaceId, HubSpotOptions.Provider, cancel);
        if (at.Part.Length == 0)
        {
            var companies = await client.Companies(at.Next, cancellation: cancel);
            if (companies.Failure is { } failed) return Batch.Of(failed);
            var next = companies.Value.Next;
            return new Batch(companies.Raw, "companies")
            {
                Companies = companies.Value.Items, Part = next is null ? "contacts" : "", Next = next,
            };
        }

        var people = await client.Contacts(at.Next, cancellation: cancel);
        return people.Failure is { } failure
            ? Batch.Of(failure)
            : new Batch(people.Raw, "contacts")
            {
                People = people.Value.Items, Part = "contacts", Next = people.Value.Next,
                IsLast = people.Value.Next is null,
            };
    }

    /// <summary>
    /// Unsubscribes, then every campaign's leads; the part names the campaign and the lead.
    /// </summary>
    async Task<Batch> Lemlist(long workspaceId, Reached at, CancellationToken cancel)
    {
        var client = await clients.Get<LemlistClient>(workspaceId, LemlistOptions.Provider, cancel);
        if (at.Part.Length == 0)
        {
            var gone = await client.Unsubscribes(at.Next, cancel);
            return gone.Failure is { } failed
                ? Batch.Of(failed)
                : new Batch(gone.Raw, "unsubscribes")
                {
                    Unsubscribes = gone.Value.Items, Next = gone.Value.Next,
                    Part = gone.Value.Next is null ? "campaigns" : "",
                };
        }

        var campaigns = await client.Campaigns(at.Next, cancel);
        if (campaigns.Failure is { } refused) return Batch.Of(refused);
        var people = new List<PersonFacts>();
        foreach (var campaign in campaigns.Value.Items)
        {
            var leads = await client.Leads(campaign.Id, cancel);
            if (leads.Failure is { } failure) return Batch.Of(failure);
            foreach (var lead in leads.Value.Items)
            {
                // The list tells ids and states; who they are comes one by one.
                var whole = lead.Emails.Count > 0 || lead.ProviderId is null
                    ? null
                    : await client.Lead(lead.ProviderId, cancel);
                if (whole?.Failure is { IsTemporary: true } wait) return Batch.Of(wait);
                people.Add(whole is { IsOk: true } ? whole.Value : lead);
            }
        }

        return new Batch(campaigns.Raw, "campaigns")
        {
            People = people, Part = "campaigns", Next = campaigns.Value.Next,
            IsLast = campaigns.Value.Next is null,
        };
    }

    async Task<Reached> Take(
        Session session, string provider, Batch batch, Summary sum, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var rawId = batch.Raw is { } raw
            ? await FactStore.KeepRaw(
                session, provider, $"{batch.Operation}:{batch.Part}:{batch.Next}",
                raw.Address.GetLeftPart(UriPartial.Path), raw.MediaType, raw.Body, now, cancel,
                batch.Operation)
            : (long?)null;
        foreach (var left in batch.Unsubscribes)
        {
            await Suppressions.AddTo(
                session, left.Value, "unsubscribe", $"Brought over from {provider}.", provider, now, cancel);
            sum = sum with { Suppressions = sum.Suppressions + 1 };
        }

        foreach (var company in batch.Companies)
            sum = await Take(session, Lead(provider, null, company, rawId, now), sum, cancel);
        foreach (var person in batch.People)
            sum = await Take(session, Lead(provider, person, person.Company, rawId, now), sum, cancel);
        return new Reached(batch.Part, batch.Next, sum) { IsDone = batch.IsLast };
    }

    async Task<Summary> Take(Session session, CollectedLead? lead, Summary sum, CancellationToken cancel)
    {
        sum = sum with { Read = sum.Read + 1 };
        if (lead is null) return sum with { Unusable = sum.Unusable + 1 };
        var result = await intake.Take(session, lead, DuplicateRule.FillBlanks, cancel);
        return sum with
        {
            Companies = sum.Companies + (result.Company == IntakeEffect.Added ? 1 : 0),
            Contacts = sum.Contacts + (result.Contact == IntakeEffect.Added ? 1 : 0),
            Leads = sum.Leads + (result.Lead == IntakeEffect.Added ? 1 : 0),
            KnownLeads = sum.KnownLeads + (result.Lead == IntakeEffect.Unchanged ? 1 : 0),
        };
    }

    static CollectedLead? Lead(
        string provider, PersonFacts? person, CompanyFacts? company, long? rawId, DateTime at)
    {
        var email = person?.Emails.Select(one => one.Address)
            .FirstOrDefault(address => Mail.EmailAddress.TryParse(address, out _, out _));
        var name = person?.FullName ?? email?.Split('@')[0];
        var companyName = company?.Name ?? company?.Domain;
        if (name is null && (person is not null || companyName is null)) return null;
        return new CollectedLead
        {
            Source = provider, Detail = person?.ProviderId ?? company?.ProviderId, RawRecordId = rawId,
            Company = companyName is null ? null : ProviderFacts.Fill(
                new Company { Name = companyName, Domain = WebDomain.Of(company!.Domain ?? company.Website) },
                FactChoice.Believed(ProviderFacts.Of(company, provider, at, rawId), at)),
            Contact = name is null ? null : ProviderFacts.Fill(
                new Contact { FullName = name, Email = email },
                FactChoice.Believed(ProviderFacts.Of(person!, provider, at, rawId), at)),
            ContactFacts = person is null ? [] : Waterfall.FactsOf(person, provider, at, rawId),
            CompanyFacts = companyName is null ? [] : ProviderFacts.Of(company!, provider, at, rawId),
        };
    }

    sealed record Reached(string Part, string? Next, Summary Summary)
    {
        public bool IsDone { get; init; }
    }

    sealed record Batch(Answer? Raw, string Operation)
    {
        public ProviderFailure? Failure { get; init; }
        public IReadOnlyList<PersonFacts> People { get; init; } = [];
        public IReadOnlyList<CompanyFacts> Companies { get; init; } = [];
        public IReadOnlyList<LemlistUnsubscribe> Unsubscribes { get; init; } = [];

        /// <summary>Where to go on, and after what.</summary>
        public string Part { get; init; } = "";

        public string? Next { get; init; }
        public bool IsLast { get; init; }

        public static Batch Of(ProviderFailure failure) => new(null, "") { Failure = failure };
    }
}
