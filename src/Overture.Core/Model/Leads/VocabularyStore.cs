using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over the words that occur, for words that do not.</summary>
static class VocabularyStore
{
    /// <summary>The words most like this one: spelt almost so, or with it in their middle.</summary>
    public static async Task<IReadOnlyList<string>> Alike(
        Session session, string word, string pattern, int limit, CancellationToken cancel)
    {
        await session.Run(
            """
            select set_config('overture.word', @word, true), set_config('overture.pattern', @pattern, true)
            """,
            new { word, pattern }, cancel);
        return await session.List<string>(
            """
            select word from vocabulary_search where workspace_id = @WorkspaceId
            order by similarity(word, @word) desc, word limit @limit
            """,
            new { session.WorkspaceId, word, limit }, cancel);
    }

    /// <summary>
    /// Adds the words of the leads listed since last time; returns how many leads that were.
    /// </summary>
    public static Task<int> Learn(Session session, int limit, CancellationToken cancel) =>
        session.One<int>(
            """
            with reached as materialized (
                select coalesce(max(lead_id), 0) as lead_id from search_progress
                where workspace_id = @WorkspaceId),
            fresh as materialized (
                select lead_id, words from lead_listing
                where workspace_id = @WorkspaceId and lead_id > (select lead_id from reached)
                order by lead_id limit @limit),
            learnt as (
                insert into search_vocabulary (workspace_id, word)
                select distinct @WorkspaceId, word from fresh, unnest(tsvector_to_array(words)) word
                where length(word) between 3 and 60 and word !~ '[=0-9]'
                on conflict do nothing),
            noted as (
                insert into search_progress (workspace_id, lead_id)
                select @WorkspaceId, max(lead_id) from fresh having count(*) > 0
                on conflict (workspace_id) do update set lead_id = excluded.lead_id)
            select count(*)::int from fresh
            """,
            new { session.WorkspaceId, limit }, cancel);

    /// <summary>
    /// Sorts the words that wait into the indexes, so that no search has to go through them.
    /// </summary>
    public static Task SortIn(Session session, CancellationToken cancel) =>
        session.Run(
            """
            select gin_clean_pending_list('lead_listing_by_words'::regclass),
                   gin_clean_pending_list('companies_by_words'::regclass)
            """,
            null, cancel);
}
