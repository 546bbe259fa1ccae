using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over contacts.</summary>
static class ContactStore
{
    const string Columns =
        """
        id, company_id, full_name, first_name, last_name, title, email, phone,
        linkedin_url as LinkedInUrl, city, region, country, time_zone, source, created_at, updated_at
        """;

    public static Task<Contact?> Find(Session session, long id, CancellationToken cancel) =>
        session.Maybe<Contact>(
            $"select {Columns} from contacts where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);

    public static Rows<Contact> FindMany(Batch batch, long[] ids) =>
        batch.List<Contact>(
            $"select {Columns} from contacts where workspace_id = @WorkspaceId and id = any(@ids)",
            new { batch.WorkspaceId, ids });

    /// <summary>
    /// The person that these marks identify: address, then profile, then name at the same company.
    /// </summary>
    public static Task<Contact?> FindSame(
        Session session, string? emailKey, string? linkedInKey, string fullName, long? companyId,
        CancellationToken cancel) =>
        session.Maybe<Contact>(
            $"""
            select {Columns} from contacts
            where workspace_id = @WorkspaceId
              and (email_key = @emailKey or linkedin_key = @linkedInKey
                   or (company_id = @companyId and name_hash = hashtext(lower(@fullName))
                       and lower(full_name) = lower(@fullName)
                       and (@emailKey::text is null or email_key is null)
                       and (@linkedInKey::text is null or linkedin_key is null)))
            order by (email_key = @emailKey) desc nulls last,
                (linkedin_key = @linkedInKey) desc nulls last, id
            limit 1
            """,
            new { session.WorkspaceId, emailKey, linkedInKey, fullName, companyId }, cancel);

    /// <summary>True when this profile identifies somebody else already.</summary>
    public static Task<bool> IsProfileOfAnother(
        Session session, string linkedInKey, long contactId, CancellationToken cancel) =>
        session.One<bool>(
            """
            select exists (select from contacts
                           where workspace_id = @WorkspaceId and linkedin_key = @linkedInKey
                               and id <> @contactId)
            """,
            new { session.WorkspaceId, linkedInKey, contactId }, cancel);

    public static Task<long> Insert(
        Session session, Contact contact, string? emailKey, string? linkedInKey, DateTime now,
        CancellationToken cancel) =>
        session.One<long>(
            """
            insert into contacts (workspace_id, company_id, full_name, first_name, last_name, title, email,
                email_key, phone, linkedin_url, linkedin_key, city, region, country, time_zone, source,
                    created_at, updated_at)
            values (@WorkspaceId, @CompanyId, @FullName, @FirstName, @LastName, @Title, @Email,
                @emailKey, @Phone, @LinkedInUrl, @linkedInKey, @City, @Region, @Country, @TimeZone, @Source,
                    @now, @now)
            returning id
            """,
            Values(session, contact, emailKey, linkedInKey, now), cancel);

    public static Task<int> Update(
        Session session, Contact contact, string? emailKey, string? linkedInKey, DateTime now,
        CancellationToken cancel) =>
        session.Run(
            """
            update contacts set company_id = @CompanyId, full_name = @FullName, first_name = @FirstName,
                last_name = @LastName, title = @Title, email = @Email, email_key = @emailKey, phone = @Phone,
                linkedin_url = @LinkedInUrl, linkedin_key = @linkedInKey, city = @City, region = @Region,
                country = @Country, time_zone = @TimeZone, updated_at = @now
            where workspace_id = @WorkspaceId and id = @Id
            """,
            Values(session, contact, emailKey, linkedInKey, now), cancel);

    static object Values(
        Session session, Contact contact, string? emailKey, string? linkedInKey, DateTime now) => new
    {
        session.WorkspaceId, contact.Id, contact.CompanyId, contact.FullName, contact.FirstName,
        contact.LastName, contact.Title, contact.Email, emailKey, contact.Phone, contact.LinkedInUrl,
        linkedInKey, contact.City, contact.Region, contact.Country, contact.TimeZone, contact.Source, now,
    };
}
