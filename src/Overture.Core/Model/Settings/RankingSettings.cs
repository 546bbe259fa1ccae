using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Ranking;
using Overture.Ranking.Features;

namespace Overture.Core.Model;

/// <summary>
/// Whom a workspace looks for: its ideal customer and the words that speak for or against somebody.
/// </summary>
public sealed record RankingSettings
{
    internal const string Key = "ranking";

    public IdealCustomerProfile Profile { get; init; } = new();
    public IReadOnlyList<string> Positive { get; init; } = [];
    public IReadOnlyList<string> Negative { get; init; } = [];
    public IReadOnlyList<string> Exploratory { get; init; } = [];

    /// <summary>
    /// The most that leads may be ordered by: a learned model (and what is below while there is none),
    /// keywords and fit, or nothing but their arrival.
    /// </summary>
    public RankingMode Mode { get; init; } = RankingMode.Learned;

    public KeywordList Keywords() => new(Positive, Negative, Exploratory);

    /// <summary>The features that these wishes make of a lead.</summary>
    public FeatureList Features() => FeatureList.For(Keywords(), Profile);

    internal static async Task<RankingSettings> Load(Session session, CancellationToken cancel) =>
        await SettingStore.Find(session, Key, cancel) is { } text
            ? JsonSerializer.Deserialize<RankingSettings>(text, JobJson.Options) ?? new RankingSettings()
            : new RankingSettings();
}

/// <summary>What a person may do with a workspace's ranking settings.</summary>
public sealed class Rankings(Database database, TimeProvider time)
{
    public Task<RankingSettings> Get(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => RankingSettings.Load(session, cancel), cancel);

    /// <summary>Switches the learned model, or all ranking, off or on again; the rest stays.</summary>
    public async Task Switch(long workspaceId, RankingMode mode, string by, CancellationToken cancel) =>
        await Put(workspaceId, await Get(workspaceId, cancel) with { Mode = mode }, by, cancel);

    /// <summary>
    /// Keeps the settings and sends every ranked, not yet enrolled lead through ranking again.
    /// </summary>
    public Task Put(long workspaceId, RankingSettings settings, string by, CancellationToken cancel)
    {
        // The list refuses empty and overlong words itself; a broken one must not be stored.
        try
        {
            _ = settings.Keywords();
        }
        catch (ArgumentException refused)
        {
            throw new RuleBroken("bad_keywords", refused.Message, "keywords");
        }

        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                await SettingStore.Put(
                    session, RankingSettings.Key, JsonSerializer.Serialize(settings, JobJson.Options), by,
                    now, cancel);
                await LeadStore.SendBackToRanking(session, now, cancel);
                await session.Announce("leads", 0, cancel);
                await session.Announce("ranking", 0, cancel);
            },
            cancel);
    }
}
