using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// A page of leads: the rows, how many there are in all (about so many when it is an estimate), and how to go
/// on. Where nothing has the words that were typed, the rows are those with words like them.
/// </summary>
public sealed record LeadPage(
    IReadOnlyList<LeadRow> Rows, long Total, string? NextCursor, bool IsEstimate = false,
    bool IsAlike = false);

/// <summary>What a person or a program may do with leads.</summary>
public sealed class Leads(Database database, TimeProvider time)
{
    const int MaxTimeline = 200;
    const int MaxWordsAlike = 5;
    const int WordsAlike = 20;

    public Task<LeadPage> List(
        long workspaceId, LeadFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        var after = LeadCursor.Decode(cursor);
        var size = Math.Clamp(limit, 1, PageSize.Most);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var list = await LeadPageStore.Open(session, filter, size + 1, cancel);
                var rows = await list.Page(after, size + 1, cancel);
                var isAlike = false;
                if (rows.Count == 0 && filter.Search is not null
                    && await Alike(session, filter.Search, cancel) is { } alike)
                {
                    list = await LeadPageStore.Open(session, filter, size + 1, cancel, alike);
                    rows = await list.Page(after, size + 1, cancel);
                    isAlike = rows.Count > 0;
                }

                var isWhole = after is null && rows.Count <= size;
                var total = isWhole ? new RowTotal(rows.Count, false) : await list.Total(cancel);
                var page = rows.Take(size).ToList();
                var next = rows.Count <= size ? null
                    : LeadListStore.CursorOf(page[^1], filter.Sort).Encode();
                return new LeadPage(
                    page, Math.Max(total.Count, page.Count), next, total.IsEstimate, isAlike);
            },
            cancel);
    }

    public Task<LeadDetail> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var lead = await LeadStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("lead", id);
                var contact = await ContactStore.Find(session, lead.ContactId, cancel)
                    ?? throw RuleBroken.NotFound("contact", lead.ContactId);
                var company = lead.CompanyId is { } companyId
                    ? await CompanyStore.Find(session, companyId, cancel)
                    : null;
                var facts = await FactStore.ForLead(session, contact.Id, lead.CompanyId, cancel);
                var timeline = await ActivityStore.ForLead(session, id, MaxTimeline, cancel);
                if (lead.ImportedFrom is { } file && timeline.Count < MaxTimeline)
                    timeline = [.. timeline, new ActivityEntry(
                        0, "imported", "import", $"Imported from {file}", lead.CreatedAt)];
                var suppression = await SuppressionStore.Matching(session, contact.Email, cancel);
                var quality = LeadQuality.Of(contact, company, facts, time.GetUtcNow().UtcDateTime);
                return new LeadDetail(lead, contact, company, facts, timeline, suppression, quality);
            },
            cancel);

    public Task<(IReadOnlyList<string> Industries, IReadOnlyList<string> Sources)> Facets(
        long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session => (
                await LeadListStore.Facets(session, "industry", cancel),
                await LeadListStore.Facets(session, "source", cancel)),
            cancel);

    public Task<IReadOnlyDictionary<string, long>> CountByState(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => LeadStore.CountByState(session, cancel), cancel);

    /// <summary>Takes a lead out of every later phase; the reason stays with it.</summary>
    public Task Reject(long workspaceId, long id, string reason, string by, CancellationToken cancel) =>
        Move(workspaceId, id, LeadState.Rejected, reason, by, cancel);

    /// <summary>Marks a lead as worth writing to, whatever its score says.</summary>
    public Task Accept(long workspaceId, long id, string by, CancellationToken cancel) =>
        Move(workspaceId, id, LeadState.Accepted, null, by, cancel);

    /// <summary>
    /// Deletes every lead that was never enrolled. Who was written to stays, so nobody is written to twice.
    /// </summary>
    public Task<int> DeleteUntouched(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var deleted = await LeadStore.DeleteUntouched(session, cancel);
                await session.Announce("leads", 0, cancel);
                return deleted;
            },
            cancel);

    // Every typed word that occurs stays; one that does not gives way to those most like it.
    static async Task<string?> Alike(Session session, string typed, CancellationToken cancel)
    {
        var groups = new List<IReadOnlyList<string>>();
        foreach (var word in SearchText.WordsOf(typed).Take(MaxWordsAlike))
        {
            var alike = await VocabularyStore.Alike(
                session, word, SearchPattern.Contains(word)!, WordsAlike, cancel);
            if (alike.Count == 0) return null;
            groups.Add(alike);
        }

        return groups.Count == 0 ? null : LeadWords.AnyOfEach(groups);
    }

    Task Move(long workspaceId, long id, LeadState to, string? reason, string by, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var lead = await LeadStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("lead", id);
                if (lead.State is LeadState.Enrolled or LeadState.Closed)
                    throw new RuleBroken(
                        "lead_in_use",
                        $"This lead is {LeadStore.Word(lead.State)}; stop its enrollment first.");
                var now = time.GetUtcNow().UtcDateTime;
                await LeadStore.SetState(session, id, to, reason, now, cancel);
                var said = reason is null ? "" : $": {reason}";
                await ActivityStore.Append(
                    session, id, LeadStore.Word(to), by, $"Lead {LeadStore.Word(to)}{said}", now, cancel);
                await session.Announce("leads", id, cancel);
            },
            cancel);
}
