using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>All SQL over holidays.</summary>
static class HolidayStore
{
    public static Task<IReadOnlyList<Holiday>> List(Session session, CancellationToken cancel) =>
        session.List<Holiday>(
            "select day, country, name from holidays where workspace_id = @WorkspaceId order by day, country",
            new { session.WorkspaceId }, cancel);

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
