using Overture.Core.Data;

namespace Overture.Server.Tests;

/// <summary>Everything that is in the database, to be compared with what was there before.</summary>
static class DatabaseContent
{
    // When somebody last came by is written whoever comes.
    const string Tables =
        """
        select tablename::text from pg_tables
        where schemaname = 'public' and tablename not in ('sign_ins', 'api_keys', 'nodes') order by 1
        """;

    /// <summary>A hash of the rows of each table.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Of(Database database)
    {
        await using var session = await database.OpenInstance(default);
        var content = new Dictionary<string, string>();
        foreach (var table in await session.List<string>(Tables, null, default))
            content[table] = await session.One<string>(
                $"""select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from "{table}" t""",
                null, default);
        return content;
    }
}
