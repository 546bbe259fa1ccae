using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>How a kind of file is read, under a name.</summary>
public sealed record ImportPreset
{
    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Column to field, as JSON.</summary>
    public required string Mapping { get; init; }

    public string RuleWord { get; init; } = "fill_blanks";

    public DuplicateRule DuplicateRule => Import.RuleOf(RuleWord);

    /// <summary>Column to field.</summary>
    public IReadOnlyDictionary<string, string> Columns() =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Mapping, JobJson.Options)!;
}

/// <summary>All SQL over presets of imports.</summary>
static class ImportPresetStore
{
    public static Task<IReadOnlyList<ImportPreset>> All(Session session, CancellationToken cancel) =>
        session.List<ImportPreset>(
            """
            select id, name, mapping::text as mapping, duplicate_rule as rule_word from import_presets
            where workspace_id = @WorkspaceId order by lower(name), id
            """,
            new { session.WorkspaceId }, cancel);

    /// <summary>Keeps how an import is read; the same name takes the newer mapping.</summary>
    public static Task<long> Put(
        Session session, string name, long importId, string by, DateTime now, CancellationToken cancel) =>
        session.One<long>(
            """
            insert into import_presets (workspace_id, name, mapping, duplicate_rule, created_by, created_at)
            select @WorkspaceId, @name, mapping, duplicate_rule, @by, @now from imports
            where workspace_id = @WorkspaceId and id = @importId
            on conflict (workspace_id, name) do update
                set mapping = excluded.mapping, duplicate_rule = excluded.duplicate_rule
            returning id
            """,
            new { session.WorkspaceId, name, importId, by, now }, cancel);

    public static Task<int> Delete(Session session, long id, CancellationToken cancel) =>
        session.Run(
            "delete from import_presets where workspace_id = @WorkspaceId and id = @id",
            new { session.WorkspaceId, id }, cancel);
}
