using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>A day on which nobody of a country is written to; an empty country means everywhere.</summary>
public sealed record Holiday(DateOnly Day, string Country, string Name);

/// <summary>The days on which nobody is written to; a person keeps the list.</summary>
public sealed class Holidays(Database database)
{
    const int MostDays = 2_000;
    const int LongestName = 100;

    public Task<IReadOnlyList<Holiday>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => HolidayStore.List(session, cancel), cancel);

    /// <summary>Replaces the whole list.</summary>
    public Task Put(long workspaceId, IReadOnlyList<Holiday> holidays, CancellationToken cancel)
    {
        if (holidays.Count > MostDays)
            throw new RuleBroken("too_many_holidays", $"Keep at most {MostDays} days.", "holidays");
        var kept = holidays.Select(Checked).DistinctBy(one => (one.Day, one.Country)).ToList();
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                await HolidayStore.Replace(session, kept, cancel);
                await session.Announce("mailboxes", 0, cancel);
            },
            cancel);
    }

    /// <summary>Adds a day, or gives it another name.</summary>
    public Task Add(long workspaceId, Holiday given, CancellationToken cancel)
    {
        var holiday = Checked(given);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                await HolidayStore.Add(session, holiday, MostDays, cancel);
                await session.Announce("mailboxes", 0, cancel);
            },
            cancel);
    }

    /// <summary>On this day people are written to again.</summary>
    public Task Remove(long workspaceId, DateOnly day, string country, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var code = country.Trim().Length == 0 ? "" : RecipientPlace.CodeOf(country) ?? country;
                if (await HolidayStore.Remove(session, day, code, cancel) == 0)
                    throw new RuleBroken(
                        "not_found", $"There is no holiday on {day:yyyy-MM-dd} for that country.", "day");
                await session.Announce("mailboxes", 0, cancel);
            },
            cancel);

    static Holiday Checked(Holiday given)
    {
        var country = given.Country?.Trim() ?? "";
        var code = country.Length == 0 ? "" : RecipientPlace.CodeOf(country)
            ?? throw new RuleBroken(
                "bad_country", $"“{country}” is no country; write DE or Germany.", "country");
        return given.Name?.Trim() is { Length: > 0 and <= LongestName } name
            ? new Holiday(given.Day, code, name)
            : throw new RuleBroken(
                "bad_name",
                $"Name the holiday of {given.Day:yyyy-MM-dd} in at most {LongestName} characters.", "name");
    }
}
