using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>What a person may do with connections to outside services.</summary>
public sealed class Integrations(Database database, SecretBox secrets, TimeProvider time)
{
    public const string LiveTopic = "integrations";
    const int LongestValue = 4_000;
    const decimal LargestBudget = 1_000_000;

    public Task<IReadOnlyList<Integration>> List(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => IntegrationStore.List(session, time.GetUtcNow().UtcDateTime, cancel),
            cancel);

    /// <summary>Keeps the credential, sealed; a second time it is replaced.</summary>
    public Task Connect(
        long workspaceId, string provider, IReadOnlyDictionary<string, string?> values, decimal? dailyBudget,
        string by, CancellationToken cancel)
    {
        var kind = ProviderKind.Of(provider);
        var credential = JsonSerializer.SerializeToUtf8Bytes(Checked(kind, values));
        var box = secrets.Seal(credential, Place(workspaceId, kind.Name));
        return Change(
            workspaceId,
            session => IntegrationStore.Put(
                session, kind.Name, box, Budget(dailyBudget), by, time.GetUtcNow().UtcDateTime, cancel),
            kind, cancel);
    }

    /// <summary>Switches a connection on or off and sets its daily budget.</summary>
    public Task Change(
        long workspaceId, string provider, bool isEnabled, decimal? dailyBudget, CancellationToken cancel)
    {
        var kind = ProviderKind.Of(provider);
        return Change(
            workspaceId,
            session => IntegrationStore.Change(
                session, kind.Name, isEnabled, Budget(dailyBudget), time.GetUtcNow().UtcDateTime, cancel),
            kind, cancel);
    }

    /// <summary>Forgets the credential. What was learned stays, with its source.</summary>
    public Task Disconnect(long workspaceId, string provider, CancellationToken cancel)
    {
        var kind = ProviderKind.Of(provider);
        return Change(
            workspaceId, session => IntegrationStore.Delete(session, kind.Name, cancel), kind, cancel);
    }

    public Task<IReadOnlyList<ProviderCall>> Calls(
        long workspaceId, string? provider, long? beforeId, int limit, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            session => IntegrationStore.Calls(
                session, provider, beforeId, Math.Clamp(limit, 1, PageSize.MostRows), cancel),
            cancel);

    /// <summary>Services that are left in peace right now, because they failed in a row.</summary>
    public Task<IReadOnlyList<(string Provider, DateTime OpenUntil)>> Resting(CancellationToken cancel) =>
        database.InInstance(session => OutboundStore.Open(session, cancel), cancel);

    public Task<IReadOnlyList<(string Provider, string State, long Count)>> Questions(
        long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => IntegrationStore.Questions(session, cancel), cancel);

    /// <summary>The credential's parts; null when the service is not connected.</summary>
    internal async Task<IReadOnlyDictionary<string, string>?> Credential(
        long workspaceId, string provider, CancellationToken cancel)
    {
        var box = await database.InWorkspace(
            workspaceId, session => IntegrationStore.Credential(session, provider, cancel), cancel);
        return box is null
            ? null
            : JsonSerializer.Deserialize<Dictionary<string, string>>(
                secrets.Open(box, Place(workspaceId, provider)));
    }

    Task Change(
        long workspaceId, Func<Session, Task<int>> change, ProviderKind kind, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId,
            async session =>
            {
                if (await change(session) == 0)
                    throw new RuleBroken(
                        "not_found", $"{kind.Title} is not connected in this workspace.", "provider");
                await session.Announce(LiveTopic, 0, cancel);
            },
            cancel);

    static Dictionary<string, string> Checked(
        ProviderKind kind, IReadOnlyDictionary<string, string?> values)
    {
        var kept = new Dictionary<string, string>();
        foreach (var field in kind.Fields)
        {
            var value = values.GetValueOrDefault(field.Name)?.Trim();
            if (string.IsNullOrEmpty(value))
                throw new RuleBroken(
                    "credential_missing", $"{kind.Title} needs: {field.Label}.", field.Name);
            if (value.Length > LongestValue || value.Any(char.IsControl)
                || (field.IsSecret && value.Any(char.IsWhiteSpace)))
                throw new RuleBroken(
                    "bad_credential", $"{field.Label} holds blanks or line breaks; copy it again.",
                    field.Name);
            kept[field.Name] = value;
        }

        return kept;
    }

    static decimal? Budget(decimal? budget) => budget is null or (>= 0 and <= LargestBudget)
        ? budget
        : throw new RuleBroken(
            "bad_budget", $"A daily budget is 0 to {LargestBudget:N0}, or empty for none.", "daily_budget");

    static SecretPlace Place(long workspaceId, string provider) =>
        new("integrations", "credential", provider, workspaceId);
}
