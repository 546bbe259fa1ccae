using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Pairs that may be one person or one company: a person merges them or keeps them apart.</summary>
public sealed class Duplicates(Database database, TimeProvider time)
{
    /// <summary>Pairs that wait, the newest first, with what is known of both; and how many wait.</summary>
    public Task<(IReadOnlyList<DuplicateRow> Rows, long Total)> List(
        long workspaceId, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var rows = await DuplicateStore.List(
                    session, beforeId, Math.Clamp(limit, 1, PageSize.MostRows), cancel);
                var people = await DuplicateSideStore.Contacts(
                    session, IdsOf(rows, DuplicateKind.Contact), cancel);
                var companies = await DuplicateSideStore.Companies(
                    session, IdsOf(rows, DuplicateKind.Company), cancel);
                IReadOnlyList<DuplicateRow> pairs = [.. rows.Select(row =>
                {
                    var sides = row.Kind == DuplicateKind.Contact ? people : companies;
                    return row with { First = sides[row.FirstId], Second = sides[row.SecondId] };
                })];
                return (pairs, await DuplicateStore.CountOpen(session, cancel));
            },
            cancel);

    public Task<long> CountOpen(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => DuplicateStore.CountOpen(session, cancel), cancel);

    public Task KeepApart(long workspaceId, long id, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                await Open(session, id, cancel);
                await DuplicateStore.Decide(session, id, DuplicateState.Apart, by, Now(), cancel);
            },
            cancel);

    /// <summary>
    /// The older one stays and takes over everything the newer one has: messages, facts, history. Where both
    /// say something, the older one's word stands.
    /// </summary>
    public async Task Merge(long workspaceId, long id, string by, CancellationToken cancel)
    {
        try
        {
            await database.InWorkspace(
                workspaceId,
                async session =>
                {
                    var pair = await Open(session, id, cancel);
                    if (pair.Kind == DuplicateKind.Contact) await MergeContacts(session, pair, by, cancel);
                    else await MergeCompanies(session, pair, cancel);
                    await DuplicateStore.Decide(session, id, DuplicateState.Merged, by, Now(), cancel);
                    await session.Announce("leads", 0, cancel);
                },
                cancel);
        }
        catch (PostgresException both) when (both.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new RuleBroken(
                "both_in_use",
                "Both are in the same campaign, or both have a deal. End one of the two first, then merge.");
        }
    }

    async Task MergeContacts(Session session, PossibleDuplicate pair, string by, CancellationToken cancel)
    {
        var (kept, gone) = (pair.FirstId, pair.SecondId);
        var first = await Contact(session, kept, cancel);
        var second = await Contact(session, gone, cancel);
        await MergeStore.DropOlderFacts(session, DuplicateKind.Contact, kept, gone, cancel);
        var keptLead = await LeadStore.FindByContact(session, kept, cancel);
        if (keptLead is { } lead && await LeadStore.FindByContact(session, gone, cancel) is { } other)
        {
            await MergeStore.TakeState(session, lead, other, Now(), cancel);
            await MergeStore.DropShared(session, lead, other, cancel);
            await MergeStore.Repoint(session, "leads", lead, other, cancel);
            await MergeStore.DeleteLead(session, other, cancel);
        }

        await MergeStore.MoveQuestions(session, DuplicateKind.Contact, kept, gone, cancel);
        await MergeStore.Repoint(session, "contacts", kept, gone, cancel);
        await MergeStore.DeleteContact(session, gone, cancel);
        var merged = Pipeline.Merge.Contacts(first, second, DuplicateRule.FillBlanks);
        await ContactStore.Update(
            session, merged, ContactKey.ForEmail(merged.Email), ContactKey.ForLinkedIn(merged.LinkedInUrl),
            Now(), cancel);
        await ShareSuppression(session, first, second, by, cancel);
        if (await LeadStore.FindByContact(session, kept, cancel) is { } leadId)
            await ActivityStore.Append(
                session, leadId, "merged", by,
                $"Merged with {second.FullName}{(second.Email is null ? "" : $" ({second.Email})")}", Now(),
                cancel);
    }

    async Task MergeCompanies(Session session, PossibleDuplicate pair, CancellationToken cancel)
    {
        var (kept, gone) = (pair.FirstId, pair.SecondId);
        var first = await Company(session, kept, cancel);
        var second = await Company(session, gone, cancel);
        await MergeStore.DropOlderFacts(session, DuplicateKind.Company, kept, gone, cancel);
        await MergeStore.MoveQuestions(session, DuplicateKind.Company, kept, gone, cancel);
        await MergeStore.Repoint(session, "companies", kept, gone, cancel);
        await MergeStore.DeleteCompany(session, gone, cancel);
        var merged = Pipeline.Merge.Companies(first, second, DuplicateRule.FillBlanks);
        await CompanyStore.Update(session, merged, CompanyName.ForMatching(merged.Name), Now(), cancel);
    }

    async Task ShareSuppression(
        Session session, Contact first, Contact second, string by, CancellationToken cancel)
    {
        var addresses = new[] { first.Email, second.Email }
            .Select(ContactKey.ForEmail).OfType<string>().ToArray();
        if (await MergeStore.ShareSuppression(session, addresses, by, Now(), cancel) == 0) return;
        await EnrollmentStore.FinishAllSuppressed(session, Now(), cancel);
        await session.Announce("suppressions", 0, cancel);
    }

    static long[] IdsOf(IReadOnlyList<DuplicateRow> rows, DuplicateKind kind) =>
        [.. rows.Where(row => row.Kind == kind).SelectMany(row => new[] { row.FirstId, row.SecondId })];

    static async Task<PossibleDuplicate> Open(Session session, long id, CancellationToken cancel)
    {
        var pair = await DuplicateStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("pair", id);
        return pair.State == DuplicateState.Open ? pair
            : throw new RuleBroken("pair_decided", "Somebody has decided about this pair already.");
    }

    static async Task<Contact> Contact(Session session, long id, CancellationToken cancel) =>
        await ContactStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("contact", id);

    static async Task<Company> Company(Session session, long id, CancellationToken cancel) =>
        await CompanyStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("company", id);

    DateTime Now() => time.GetUtcNow().UtcDateTime;
}
