using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;

namespace Overture.Core.Model;

/// <summary>The order in which a field set is asked for, and who is not asked for it.</summary>
public sealed record FieldOrder(IReadOnlyList<string> Order, IReadOnlyList<string> Skipped)
{
    public static FieldOrder None { get; } = new([], []);
}

/// <summary>Which provider is asked first for what; what is not said follows the order of connection.</summary>
public sealed record WaterfallSettings
{
    internal const string Key = "waterfall";

    /// <summary>By the names of <see cref="FieldSet"/>.</summary>
    public IReadOnlyDictionary<string, FieldOrder> Fields { get; init; } = new Dictionary<string, FieldOrder>();

    /// <summary>The connected and enabled providers that are asked for a field set, in order.</summary>
    public IReadOnlyList<string> OrderOf(string fieldSet, IReadOnlyList<Integration> connected)
    {
        var chosen = Fields.GetValueOrDefault(fieldSet) ?? FieldOrder.None;
        return
        [
            .. connected.Where(one => one.IsEnabled && !chosen.Skipped.Contains(one.Provider))
                .Where(one => ProviderKind.Find(one.Provider)?.Answers.Contains(fieldSet) == true)
                .OrderBy(one => Place(chosen.Order, one.Provider)).ThenBy(one => Natural(fieldSet, one))
                .ThenBy(one => one.Position).Select(one => one.Provider),
        ];
    }

    internal static async Task<WaterfallSettings> Load(Session session, CancellationToken cancel) =>
        await SettingStore.Find(session, Key, cancel) is { } text
            ? JsonSerializer.Deserialize<WaterfallSettings>(text, JobJson.Options) ?? new WaterfallSettings()
            : new WaterfallSettings();

    static int Place(IReadOnlyList<string> order, string provider)
    {
        var place = order.ToList().IndexOf(provider);
        return place < 0 ? int.MaxValue : place;
    }

    // A service is asked earlier for what it does best.
    static int Natural(string fieldSet, Integration one) =>
        ProviderKind.Of(one.Provider).Answers.Index().First(entry => entry.Item == fieldSet).Index;
}

/// <summary>What a person may do with the order of the waterfall.</summary>
public sealed class Waterfalls(Database database, TimeProvider time)
{
    public Task<WaterfallSettings> Get(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(workspaceId, session => WaterfallSettings.Load(session, cancel), cancel);

    public Task Put(long workspaceId, WaterfallSettings settings, string by, CancellationToken cancel)
    {
        foreach (var (fieldSet, order) in settings.Fields)
        {
            if (!FieldSet.All.Contains(fieldSet))
                throw new RuleBroken(
                    "unknown_field_set",
                    $"“{fieldSet}” is no field set; there are {string.Join(", ", FieldSet.All)}.", "fields");
            foreach (var provider in order.Order.Concat(order.Skipped))
                if (!ProviderKind.Of(provider).Answers.Contains(fieldSet))
                    throw new RuleBroken(
                        "cannot_answer", $"{provider} cannot be asked for: {fieldSet}.", "fields");
        }

        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                await SettingStore.Put(
                    session, WaterfallSettings.Key, JsonSerializer.Serialize(settings, JobJson.Options), by,
                    time.GetUtcNow().UtcDateTime, cancel);
                await session.Announce(Integrations.LiveTopic, 0, cancel);
            },
            cancel);
    }

    /// <summary>Moves a provider one place earlier or later for a field set.</summary>
    public async Task Move(
        long workspaceId, string fieldSet, string provider, int step, IReadOnlyList<Integration> connected,
        string by, CancellationToken cancel)
    {
        var settings = await Get(workspaceId, cancel);
        var order = settings.OrderOf(fieldSet, connected).ToList();
        var place = order.IndexOf(provider);
        if (place < 0)
            throw new RuleBroken("cannot_answer", $"{provider} is not asked for: {fieldSet}.", "provider");
        order.RemoveAt(place);
        order.Insert(Math.Clamp(place + step, 0, order.Count), provider);
        var skipped = settings.Fields.GetValueOrDefault(fieldSet)?.Skipped ?? [];
        await Put(
            workspaceId, With(settings, fieldSet, new FieldOrder(order, skipped)), by, cancel);
    }

    /// <summary>Asks a provider for a field set, or asks it no more.</summary>
    public async Task Ask(
        long workspaceId, string fieldSet, string provider, bool isAsked, string by, CancellationToken cancel)
    {
        var settings = await Get(workspaceId, cancel);
        var (order, skipped) = settings.Fields.GetValueOrDefault(fieldSet) ?? FieldOrder.None;
        var rest = skipped.Where(name => name != provider);
        await Put(
            workspaceId,
            With(settings, fieldSet, new FieldOrder(order, isAsked ? [.. rest] : [.. rest, provider])), by,
            cancel);
    }

    static WaterfallSettings With(WaterfallSettings settings, string fieldSet, FieldOrder order) => settings with
    {
        Fields = new Dictionary<string, FieldOrder>(settings.Fields) { [fieldSet] = order },
    };
}
