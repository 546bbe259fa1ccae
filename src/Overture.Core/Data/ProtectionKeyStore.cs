using Dapper;
using Npgsql;

namespace Overture.Core.Data;

/// <summary>
/// The framework's key ring (cookies, form tokens), shared by all nodes. The framework asks synchronously,
/// at start and when a key rolls over.
/// </summary>
public static class ProtectionKeyStore
{
    public static IReadOnlyList<string> All(NpgsqlDataSource source)
    {
        using var connection = source.OpenConnection();
        return connection.Query<string>("select xml from protection_keys order by id").AsList();
    }

    public static void Add(NpgsqlDataSource source, string xml, DateTimeOffset now)
    {
        using var connection = source.OpenConnection();
        connection.Execute(
            "insert into protection_keys (xml, created_at) values (@xml, @now)", new { xml, now });
    }
}
