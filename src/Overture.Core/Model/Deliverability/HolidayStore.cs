using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over holidays.</summary>
static class HolidayStore
{
    public static Task<IReadOnlyList<Holiday>> List(Session session, CancellationToken cancel) =>
        session.List<Holiday>(
            "select day, country, name from holidays where workspace_id = @WorkspaceId order by day, country",
            new { session.WorkspaceId }, cancel);

    public static Task<int> Add(Session session, Holiday holiday, int most, CancellationToken cancel) =>
        session.Run(
            """
            insert into holidays (workspace_id, day, country, name)
            select @WorkspaceId, @Day, @Country, @Name
            where (select count(*) from holidays where workspace_id = @WorkspaceId) < @most
            on conflict (workspace_id, day, country) do update set name = excluded.name
            """,
            new { session.WorkspaceId, holiday.Day, holiday.Country, holiday.Name, most }, cancel);

    public static Task<int> Remove(
        Session session, DateOnly day, string country, CancellationToken cancel) =>
        session.Run(
            """
            delete from holidays where workspace_id = @WorkspaceId and day = @day and country = @country
            """,
            new { session.WorkspaceId, day, country }, cancel);

    public static async Task Replace(
        Session session, IReadOnlyList<Holiday> holidays, CancellationToken cancel)
    {
        await session.Run(
            "delete from holidays where workspace_id = @WorkspaceId", new { session.WorkspaceId }, cancel);
        await session.Run(
            """
            insert into holidays (workspace_id, day, country, name)
            select @WorkspaceId, day, country, name
                from unnest(@days, @countries, @names) as h (day, country, name)
            """,
            new
            {
                session.WorkspaceId, days = holidays.Select(one => one.Day).ToArray(),
                countries = holidays.Select(one => one.Country).ToArray(),
                names = holidays.Select(one => one.Name).ToArray(),
            },
            cancel);
    }
}
