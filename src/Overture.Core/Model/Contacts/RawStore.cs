using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A kept payload: who sent it, in answer to which call, and its bytes.</summary>
sealed record RawRecord
{
    public long Id { get; init; }
    public required string Provider { get; init; }
    public required string ExternalId { get; init; }
    public string? Operation { get; init; }
    public required byte[] Content { get; init; }
    public DateTime FetchedAt { get; init; }
}

/// <summary>A fact as it stands, with whom it is about.</summary>
sealed record StoredFact
{
    public long? ContactId { get; init; }
    public long? CompanyId { get; init; }
    public string? FullName { get; init; }
    public string? Cik { get; init; }
    public required string Field { get; init; }
    public required string Value { get; init; }
    public float Confidence { get; init; }
}

/// <summary>All SQL over kept payloads and what was made of them.</summary>
static class RawStore
{
    public static Task<IReadOnlyList<RawRecord>> After(
        Session session, string provider, long afterId, int limit, CancellationToken cancel) =>
        session.List<RawRecord>(
            """
            select id, provider, external_id, operation, content, fetched_at from raw_records
            where workspace_id = @WorkspaceId and provider = @provider and id > @afterId
            order by id limit @limit
            """,
            new { session.WorkspaceId, provider, afterId, limit }, cancel);

    public static Task<long> Count(Session session, string provider, CancellationToken cancel) =>
        session.One<long>(
            "select count(*) from raw_records where workspace_id = @WorkspaceId and provider = @provider",
            new { session.WorkspaceId, provider }, cancel);

    /// <summary>The facts that were read from a payload and not replaced by a later one since.</summary>
    public static Task<IReadOnlyList<StoredFact>> FactsOf(Session session, long rawId, CancellationToken cancel) =>
        session.List<StoredFact>(
            """
            select f.contact_id, f.company_id, c.full_name, o.cik, f.field, f.value::text as value, f.confidence
            from facts f
            left join contacts c on c.workspace_id = f.workspace_id and c.id = f.contact_id
            left join companies o on o.workspace_id = f.workspace_id and o.id = f.company_id
            where f.workspace_id = @WorkspaceId and f.raw_record_id = @rawId
            order by f.id
            """,
            new { session.WorkspaceId, rawId }, cancel);

    /// <summary>Whether a later payload of the provider has the word on this field by now.</summary>
    public static Task<bool> IsSuperseded(
        Session session, StoredFact subject, string field, string provider, long rawId,
        CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from facts where workspace_id = @WorkspaceId and field = @field
                and provider = @provider and raw_record_id is distinct from @rawId
                and (contact_id = @ContactId or company_id = @CompanyId))
            """,
            new { session.WorkspaceId, subject.ContactId, subject.CompanyId, field, provider, rawId }, cancel);

    public static Task<int> DeleteFact(
        Session session, StoredFact fact, string provider, CancellationToken cancel) =>
        session.Run(
            """
            delete from facts where workspace_id = @WorkspaceId and field = @Field and provider = @provider
              and (contact_id = @ContactId or company_id = @CompanyId)
            """,
            new { session.WorkspaceId, fact.ContactId, fact.CompanyId, fact.Field, provider }, cancel);
}
