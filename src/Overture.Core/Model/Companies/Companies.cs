using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with companies.</summary>
public sealed class Companies(Database database)
{
    public Task<Company> Get(long workspaceId, long id, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            await CompanyStore.Find(session, id, cancel) ?? throw RuleBroken.NotFound("company", id), cancel);

    /// <summary>Companies with a domain in which nobody is known.</summary>
    public Task<long> CountWithoutPeople(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => CompanyStore.CountWithoutPeople(session, cancel), cancel);

    /// <summary>A page of companies, newest first, and how many there are in all, or about so many.</summary>
    public Task<(IReadOnlyList<Company> Page, RowTotal Total)> List(
        long workspaceId, string? search, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var words = LeadWords.All(LeadWords.Of(new LeadFilter { Search = search }, null));
                var page = await CompanyStore.List(
                    session, words, beforeId, Math.Clamp(limit, 1, PageSize.MostRows), cancel);
                return (page, await CompanyStore.Total(session, words, cancel));
            },
            cancel);
}
