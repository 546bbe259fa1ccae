using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Bench.LeadPages;

/// <summary>
/// Asks for pages as the server does, the estimated total included, and says how long it took.
/// </summary>
sealed class Measure(Database database)
{
    const int PageSize = 50;
    const int DeepPage = 10_000;
    const double WantedPage = 50;
    const double WantedSearch = 20;
    const double WantedDeep = 1.5;
    const int PlainLimitSeconds = 5;
    const int WarmUps = 6;

    /// <summary>Below this, twice as slow is a matter of chance.</summary>
    const double NoiseMilliseconds = 2;

    const long Workspace = 1;
    static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    readonly Leads leads = new(database, TimeProvider.System);
    int missed;

    public async Task<int> Run(int times, string part)
    {
        Console.WriteLine($"{"question",-26} {"page 1: p50",12} {"p95",8} {"plain",9}   "
            + $"{"page 10,000: p50",16} {"p95",8} {"plain",9}   (ms)");
        foreach (var question in Question.All.Where(
            question => Regex.IsMatch(question.Name, part, RegexOptions.None, PatternLimit)))
            await Ask(question, times);
        Console.WriteLine(missed == 0 ? "nothing missed" : $"missed: {missed}");
        return missed == 0 ? 0 : 1;
    }

    async Task Ask(Question question, int times)
    {
        var (first, slowest) = await Pages(question.Filters, _ => Task.FromResult<string?>(null), times);
        var plain = await Plain(question.Filters[0], 0);
        Dictionary<LeadFilter, string?> cursors = [];
        foreach (var filter in question.Filters)
            if (await Cursor(filter) is { } cursor) cursors[filter] = cursor;
        var line = $"{question.Name,-26} {Text(first, 0.5),12} {Text(first, 0.95),8} {plain,9}   ";
        var wanted = question.IsSearch ? WantedSearch : WantedPage;
        var misses = new List<string>();
        if (At(first, 0.95) > wanted) misses.Add($"p95 wanted {wanted} ms; slowest: {slowest}");
        if (cursors.Count > 0)
        {
            var (same, _) = await Pages([.. cursors.Keys], _ => Task.FromResult<string?>(null), times);
            var (deep, _) = await Pages([.. cursors.Keys], filter => Task.FromResult(cursors[filter]), times);
            var plainDeep = await Plain(cursors.Keys.First(), (DeepPage - 1) * PageSize);
            line += $"{Text(deep, 0.5),16} {Text(deep, 0.95),8} {plainDeep,9}   ";
            if (At(deep, 0.5) > At(same, 0.5) * WantedDeep + NoiseMilliseconds)
                misses.Add($"page 1 of the same takes {Text(same, 0.5)}");
        }

        missed += misses.Count;
        Console.WriteLine(line + (misses.Count == 0 ? "" : "  MISSED: " + string.Join("; ", misses)));
    }

    async Task<(double[] Sorted, string Slowest)> Pages(
        IReadOnlyList<LeadFilter> filters, Func<LeadFilter, Task<string?>> cursorOf, int times)
    {
        var taken = new List<(double Milliseconds, LeadFilter Filter)>();
        for (var number = -WarmUps; number < times; number++)
            foreach (var filter in filters)
            {
                var cursor = await cursorOf(filter);
                var began = Stopwatch.GetTimestamp();
                await leads.List(Workspace, filter, cursor, PageSize, default);
                if (number >= 0) taken.Add((Stopwatch.GetElapsedTime(began).TotalMilliseconds, filter));
            }

        var worst = taken.GroupBy(one => one.Filter).MaxBy(group => group.Average(one => one.Milliseconds))!;
        return ([.. taken.Select(one => one.Milliseconds).Order()], Question.Plain(worst.Key)
            .Split("where l.workspace_id = 1")[1].ReplaceLineEndings(" "));
    }

    /// <summary>Where page 9,999 ends; null when the list is shorter.</summary>
    async Task<string?> Cursor(LeadFilter filter)
    {
        if ((await leads.List(Workspace, filter, null, PageSize, default)).Total < DeepPage * PageSize)
            return null;
        await using var session = await database.Open(Workspace, default);
        await using var command = new NpgsqlCommand(
            $"""
            select l.id, l.score::text, s.name_key, s.company_key {Question.Plain(filter)}
            offset {((DeepPage - 1) * PageSize) - 1} limit 1
            """, session.Connection, session.Transaction) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync()) return null;
        var value = filter.Sort switch
        {
            LeadSort.Score => 1,
            LeadSort.Name => 2,
            LeadSort.Company => 3,
            _ => 0,
        };
        return new LeadCursor(
            value == 0 || row.IsDBNull(value) ? null : row.GetString(value), row.GetInt64(0)).Encode();
    }

    async Task<string> Plain(LeadFilter filter, int offset)
    {
        await using var session = await database.Open(Workspace, default);
        await using var command = new NpgsqlCommand(
            $"""
            set local statement_timeout = '{PlainLimitSeconds}s';
            select l.id, c.full_name, c.title, c.email, co.name, l.state, l.score {Question.Plain(filter)}
            limit {PageSize} offset {offset}
            """, session.Connection, session.Transaction) { CommandTimeout = 0 };
        var began = Stopwatch.GetTimestamp();
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return $">{PlainLimitSeconds} s";
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds
            .ToString("N1", CultureInfo.InvariantCulture);
    }

    static double At(double[] sorted, double share) =>
        sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    static string Text(double[] sorted, double share) =>
        At(sorted, share).ToString("N1", CultureInfo.InvariantCulture);
}
