using System.Globalization;
using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Finds out whether this database is the one this installation has been working with. A restored backup, a
/// copied server or a machine that slept for days does not know what has left meanwhile: it goes into
/// quarantine and sends nothing until a person releases it.
/// </summary>
public sealed class Quarantine(Database database, string folder, TimeProvider time)
{
    const string FileName = "instance.json";

    /// <summary>Within this time another node's word is enough for one that comes without a witness.</summary>
    static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    /// <summary>Longer without a sign of life, and what is due was meant for another day.</summary>
    static readonly TimeSpan Overdue = TimeSpan.FromHours(24);

    /// <summary>Two writes of the same minute may be this far apart.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Compares row and witness, and writes both when they agree. Returns the reason of the quarantine, or null.
    /// </summary>
    public async Task<string?> Look(CancellationToken cancel)
    {
        var witness = await Read(cancel);
        var now = time.GetUtcNow().UtcDateTime;
        var (row, identifier) = await database.InInstance(
            async session =>
            {
                var actual = await InstanceStore.SystemIdentifier(session, cancel);
                await InstanceStore.Insert(session, actual, now, cancel);
                var held = (await InstanceStore.Hold(session, cancel))!;
                if (held.QuarantinedAt is not null) return (held, actual);
                if (Mismatch(held, actual, witness, now) is { } reason)
                    await InstanceStore.Quarantine(session, reason, now, cancel);
                else
                    await InstanceStore.SetAlive(session, now, cancel);
                return ((await InstanceStore.Find(session, cancel))!, actual);
            },
            cancel);
        if (row.QuarantinedAt is null)
            await Write(new InstanceWitness(identifier, row.Epoch, row.AliveAt), cancel);
        return row.QuarantineReason;
    }

    /// <summary>A person has looked: this is the instance that should send.</summary>
    public async Task Release(string by, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var released = await database.InInstance(
            async session => await InstanceStore.Release(
                session, await InstanceStore.SystemIdentifier(session, cancel), by, now, cancel),
            cancel);
        if (released == 0) throw new RuleBroken("not_in_quarantine", "This instance is not in quarantine.");
        await Look(cancel);
    }

    public Task<InstanceRow?> Find(CancellationToken cancel) =>
        database.InInstance(session => InstanceStore.Find(session, cancel), cancel);

    static string? Mismatch(InstanceRow row, string actual, InstanceWitness? witness, DateTime now)
    {
        if (row.SystemIdentifier != actual)
            return "This database was moved or restored to another server; the first one may still be sending.";
        if (witness is not null && witness.SystemIdentifier == actual
            && (witness.Epoch > row.Epoch || witness.AliveAt > row.AliveAt + Slack))
            return string.Create(CultureInfo.InvariantCulture,
                $"This database is older ({row.AliveAt:yyyy-MM-dd HH:mm} UTC) than this installation last saw it "
                + $"({witness.AliveAt:yyyy-MM-dd HH:mm} UTC): it was restored from a backup.");
        var isStranger = witness is null || witness.SystemIdentifier != actual;
        if (isStranger && now - row.AliveAt > FreshFor)
            return string.Create(CultureInfo.InvariantCulture,
                $"This installation has not worked with this database before, and nobody has since "
                + $"{row.AliveAt:yyyy-MM-dd HH:mm} UTC: it may be a copy.");
        return now - row.AliveAt > Overdue
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing ran here since {row.AliveAt:yyyy-MM-dd HH:mm} UTC; what is due is late.")
            : null;
    }

    async Task<InstanceWitness?> Read(CancellationToken cancel)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<InstanceWitness>(await File.ReadAllTextAsync(path, cancel));
        }
        catch (JsonException)
        {
            // A witness that cannot be read says nothing.
            return null;
        }
    }

    async Task Write(InstanceWitness witness, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        var part = $"{path}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(part, JsonSerializer.Serialize(witness), cancel);
        File.Move(part, path, overwrite: true);
    }
}
