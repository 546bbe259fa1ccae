using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over facts and the raw records they came from.</summary>
static class FactStore
{
    /// <summary>
    /// Keeps what one provider says of one field; a newer word of the same provider replaces its older one.
    /// </summary>
    public static Task<int> PutForContact(
        Session session, long contactId, Fact fact, CancellationToken cancel) =>
        session.Run(
            """
            insert into facts (workspace_id, contact_id, field, value, provider, confidence, observed_at,
                raw_record_id)
            values (@WorkspaceId, @contactId, @Field, @Value::jsonb, @Provider, @Confidence, @ObservedAt,
                @RawRecordId)
            on conflict (workspace_id, contact_id, field, provider) where contact_id is not null
            do update set value = excluded.value, confidence = excluded.confidence,
                observed_at = excluded.observed_at, raw_record_id = excluded.raw_record_id
            """,
            Values(session, fact, contactId, null), cancel);

    public static Task<int> PutForCompany(
        Session session, long companyId, Fact fact, CancellationToken cancel) =>
        session.Run(
            """
            insert into facts (workspace_id, company_id, field, value, provider, confidence, observed_at,
                raw_record_id)
            values (@WorkspaceId, @companyId, @Field, @Value::jsonb, @Provider, @Confidence, @ObservedAt,
                @RawRecordId)
            on conflict (workspace_id, company_id, field, provider) where company_id is not null
            do update set value = excluded.value, confidence = excluded.confidence,
                observed_at = excluded.observed_at, raw_record_id = excluded.raw_record_id
            """,
            Values(session, fact, null, companyId), cancel);

    /// <summary>Everything said about a contact and its company, newest first.</summary>
    public static Task<IReadOnlyList<Fact>> ForLead(
        Session session, long contactId, long? companyId, CancellationToken cancel) =>
        session.List<Fact>(
            """
            select field, value::text as value, provider, confidence, observed_at, raw_record_id
            from facts
            where workspace_id = @WorkspaceId and (contact_id = @contactId or company_id = @companyId)
            order by field, observed_at desc
            """,
            new { session.WorkspaceId, contactId, companyId }, cancel);

    /// <summary>What is known of the people and the companies of these leads.</summary>
    public static Rows<OwnedFact> ForLeads(Batch batch, long[] leadIds, long[] contactIds) =>
        batch.List<OwnedFact>(
            """
            select contact_id, company_id, field, value::text as value, provider, confidence, observed_at,
                raw_record_id
            from facts where workspace_id = @WorkspaceId and contact_id = any(@contactIds)
            union all
            select contact_id, company_id, field, value::text as value, provider, confidence, observed_at,
                raw_record_id
            from facts where workspace_id = @WorkspaceId and company_id in (
                select company_id from leads where workspace_id = @WorkspaceId and id = any(@leadIds))
            """,
            new { batch.WorkspaceId, leadIds, contactIds });

    /// <summary>Keeps a payload byte for byte; the same payload twice is one record.</summary>
    public static Task<long> KeepRaw(
        Session session, string provider, string externalId, string? url, string contentType, byte[] content,
        DateTime fetchedAt, CancellationToken cancel, string? operation = null) =>
        session.One<long>(
            """
            insert into raw_records (workspace_id, provider, external_id, url, content_type, content, sha256,
                fetched_at, operation)
            values (@WorkspaceId, @provider, @externalId, @url, @contentType, @content, sha256(@content),
                @fetchedAt, @operation)
            on conflict (workspace_id, provider, external_id, sha256) do update set url = excluded.url
            returning id
            """,
            new
            {
                session.WorkspaceId, provider, externalId, url, contentType, content, fetchedAt, operation,
            },
            cancel);

    /// <summary>The external ids of everything kept from a provider.</summary>
    public static async Task<IReadOnlySet<string>> KnownRaw(
        Session session, string provider, CancellationToken cancel) =>
        (await session.List<string>(
            "select distinct external_id from raw_records where workspace_id = @WorkspaceId and provider = "
            + "@provider", new { session.WorkspaceId, provider }, cancel)).ToHashSet(StringComparer.Ordinal);

    static object Values(Session session, Fact fact, long? contactId, long? companyId) => new
    {
        session.WorkspaceId, contactId, companyId, fact.Field, fact.Value, fact.Provider, fact.Confidence,
        fact.ObservedAt, fact.RawRecordId,
    };
}

/// <summary>A fact with the person or the company it is about.</summary>
sealed record OwnedFact
{
    public long? ContactId { get; init; }
    public long? CompanyId { get; init; }
    public string Field { get; init; } = "";
    public string Value { get; init; } = "";
    public string Provider { get; init; } = "";
    public float Confidence { get; init; }
    public DateTime ObservedAt { get; init; }
    public long? RawRecordId { get; init; }

    public Fact ToFact() => new(Field, Value, Provider, Confidence, ObservedAt, RawRecordId);
}
