using System.Globalization;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Ranking.Features;
using Overture.Ranking.Labels;
using Overture.Ranking.Learning;

namespace Overture.Core.Pipeline;

/// <summary>What a rebuilt training set holds.</summary>
public sealed record TrainingSetSummary(
    string FeatureList, int Touched, int Labelled, double PatienceDays, IReadOnlyList<AnswerCount> Answers);

/// <summary>The rows to learn from, with what only the comparison of models needs to know of each.</summary>
public sealed record TrainingRows(TrainingTable Table, IReadOnlyList<DateTime> KnownAt);

/// <summary>
/// Rebuilds the training set of a workspace: SQL says who was touched and what came of it, and the same
/// function that ranks leads says what each looked like on that day.
/// </summary>
public sealed class TrainingSet(Database database, TimeProvider time)
{
    /// <summary>Leads whose features are computed and written in one statement.</summary>
    const int BatchSize = 1_000;

    /// <summary>Builds it anew in one transaction; others see the old one until it is whole.</summary>
    public Task<TrainingSetSummary> Rebuild(
        long workspaceId, Func<int, int, Task> progress, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var list = (await RankingSettings.Load(session, cancel)).Features();
                var patience = Patience(await TrainingStore.YesTimes(session, now, cancel), now);
                await TrainingStore.Clear(session, cancel);
                var touched = await TrainingStore.Fill(session, patience, now, cancel);
                var labelled = 0;
                while (await AddFeatures(session, list, cancel) is > 0 and var added)
                {
                    labelled += added;
                    await progress(labelled, touched);
                }

                return new TrainingSetSummary(
                    list.Identity, touched, labelled, patience.TotalDays,
                    await TrainingStore.CountAnswers(session, cancel));
            },
            cancel);

    /// <summary>
    /// Builds it anew unless the kept one fits the feature list of today's settings.
    /// </summary>
    public async Task<FeatureList> EnsureFits(long workspaceId, CancellationToken cancel)
    {
        var (list, built) = await database.InWorkspace(
            workspaceId,
            async session => (
                (await RankingSettings.Load(session, cancel)).Features(),
                await TrainingStore.Built(session, cancel)),
            cancel);
        if (built?.FeatureList != list.Identity)
            await Rebuild(workspaceId, (_, _) => Task.CompletedTask, cancel);
        return list;
    }

    /// <summary>The labelled rows, oldest first.</summary>
    public Task<TrainingRows> Rows(long workspaceId, FeatureList list, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                var examples = await TrainingStore.Labelled(session, list.Identity, cancel);
                var values = new float[examples.Count * list.Names.Count];
                for (var i = 0; i < examples.Count; i++)
                    examples[i].Features!.CopyTo(values, i * list.Names.Count);
                return new TrainingRows(
                    new TrainingTable(list.Names, values, [.. examples.Select(e => e.IsYes == true)]),
                    [.. examples.Select(e => e.KnownAt!.Value)]);
            },
            cancel);

    /// <summary>
    /// The set as CSV: one line for each touched lead, its answer, its label (empty = none), its features.
    /// </summary>
    public async Task WriteCsv(long workspaceId, TextWriter to, CancellationToken cancel)
    {
        var list = await EnsureFits(workspaceId, cancel);
        await to.WriteLineAsync(string.Join(
            ',', list.Names.Select(ColumnName).Prepend("lead_id,contacted_at,answer,answered_at,label")));
        var empty = new string(',', list.Names.Count);
        var last = 0L;
        while (true)
        {
            var page = await database.InWorkspace(
                workspaceId, session => TrainingStore.Page(session, last, BatchSize, cancel), cancel);
            if (page.Count == 0) return;
            foreach (var row in page)
            {
                await to.WriteLineAsync(
                    $"{row.LeadId},{Instant(row.ContactedAt)},{row.Answer},{Instant(row.AnsweredAt)},"
                    + $"{(row.IsYes is { } yes ? yes ? "1" : "0" : "")}"
                    + (row.Features is null
                        ? empty : string.Concat(row.Features.Select(v => $",{Cell(v)}"))));
            }

            last = page[^1].LeadId;
        }
    }

    static async Task<int> AddFeatures(Session session, FeatureList list, CancellationToken cancel)
    {
        var examples = await TrainingStore.WithoutFeatures(session, BatchSize, cancel);
        if (examples.Count == 0) return 0;
        var leads = (await KnownLeadStore.List(session, [.. examples.Select(e => e.LeadId)], cancel))
            .ToDictionary(lead => lead.LeadId);
        var rows = examples.Select(example =>
        {
            var facts = FeatureBuilder.Facts(leads[example.LeadId], example.ContactedAt);
            return ArrayText(list.RowOf(facts, DateOnly.FromDateTime(example.ContactedAt)));
        });
        await TrainingStore.PutFeatures(
            session, list.Identity, [.. examples.Select(e => e.LeadId)], [.. rows], cancel);
        return examples.Count;
    }

    static TimeSpan Patience(IReadOnlyList<(DateTime ContactedAt, DateTime AnsweredAt)> yes, DateTime now) =>
        AnswerLabels.WindowOf(
            [.. yes.Select(y => new TouchRecord(
                "", Utc(y.ContactedAt), TouchAnswer.Replied, Utc(y.AnsweredAt)))],
            Utc(now));

    static DateTimeOffset Utc(DateTime at) => new(DateTime.SpecifyKind(at, DateTimeKind.Utc));

    static string ArrayText(float[] row) =>
        $"{{{string.Join(',', row.Select(v => float.IsNaN(v) ? "NaN" : Cell(v)))}}}";

    /// <summary>Missing is an empty cell.</summary>
    static string Cell(float value) =>
        float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    static string Instant(DateTime? at) =>
        at?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Keywords are a user's words: they may hold commas and quotes.</summary>
    static string ColumnName(string feature) =>
        feature.AsSpan().ContainsAny(",\"\n\r")
            ? $"\"{feature.Replace("\"", "\"\"")}\"" : feature;
}
