using System.Runtime.Versioning;
using Dapper;
using Overture.Core.Data;
using Overture.Testing;

namespace Overture.Core.Tests.Data;

/// <summary>Campaigns of the time when steps were known by their position go on where they were.</summary>
[SupportedOSPlatform("linux")]
public sealed class SequencesMigrationTests
{
    const int Sequences = 8;

    const string OldCampaign =
        """
        select set_config('overture.workspace', 'all', false);
        insert into workspaces (name, created_at) values ('Old', now());
        insert into campaigns (workspace_id, name, state, created_at, updated_at)
            values (1, 'Old', 'paused', now(), now());
        insert into sequences (workspace_id, campaign_id) values (1, 1);
        insert into steps (workspace_id, sequence_id, position, channel, delay_days)
            values (1, 1, 1, 'email', 0), (1, 1, 2, 'linkedin', 3);
        insert into variants (workspace_id, step_id, name, body) values (1, 1, 'A', 'a'), (1, 2, 'A', 'b');
        insert into contacts (workspace_id, full_name, source, created_at, updated_at)
            select 1, 'Ann ' || n, 'test', now(), now() from generate_series(1, 3) n;
        insert into leads (workspace_id, contact_id, state, source, created_at, updated_at)
            select 1, n, 'enrolled', 'test', now(), now() from generate_series(1, 3) n;
        insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, finish_reason,
                next_position, due_at, created_at, finished_at)
            values (1, 1, 1, 1, 'active', null, 1, now(), now(), null),
                   (1, 1, 2, 2, 'active', null, 2, now(), now(), null),
                   (1, 1, 3, 3, 'finished', 'completed', 3, null, now(), now());
        """;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_enrollment_stands_at_the_step_it_stood_at()
    {
        await using var database = await TestDatabase.Create();
        await using (var connection = await database.Source.OpenConnectionAsync(Cancel))
            await connection.ExecuteAsync(
                "drop owned by current_user cascade; create schema if not exists public");
        var scripts = Migrator.Embedded();
        await Apply(database, [.. scripts.Where(script => script.Version < Sequences)]);
        await using (var connection = await database.Source.OpenConnectionAsync(Cancel))
            await connection.ExecuteAsync(OldCampaign);
        await Apply(database, scripts);
        await using var session = await database.Database.OpenInstance(Cancel);
        Assert.Equal(
            [(1L, (long?)1, 0, 1L), (2L, 2, 1, 2L), (3L, null, 2, 3L)],
            await session.List<(long, long?, int, long)>(
                "select id, next_step_id, touches, number from enrollments order by id", null, Cancel));
        Assert.Equal(
            ["email 0", "linkedin 3"],
            await session.List<string>(
                "select kind || ' ' || delay_days from steps order by position", null, Cancel));
        Assert.Equal(
            (3L, (int?)null, true), await session.One<(long, int?, bool)>(
                """
                select s.enrolled_total, c.new_per_day_limit, c.stop_on_reply
                from campaigns c join sequences s on s.campaign_id = c.id
                """,
                null, Cancel));
    }

    static Task<int> Apply(TestDatabase database, IReadOnlyList<MigrationScript> scripts) =>
        Migrator.Apply(database.Source, scripts, TimeProvider.System, null, Cancel);
}
