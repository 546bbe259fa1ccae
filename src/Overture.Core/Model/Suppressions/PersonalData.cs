using System.Text.Json;
using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>Everything kept of one person, as a document of sections.</summary>
public sealed record PersonExport(string Email, DateTime ExportedAt, JsonElement Sections);

/// <summary>What an erasure removed: how many rows of each kind, when and by whom.</summary>
public sealed record ErasureReceipt(
    long Id, string SubjectHash, JsonElement Removed, string ErasedBy, DateTime ErasedAt);

/// <summary>
/// What a person may ask of their data: a copy of all of it, or that it goes. Who is erased stays suppressed
/// by a keyed hash of the address, so that no import brings them back into a campaign.
/// </summary>
public sealed class PersonalData(Database database, TimeProvider time)
{
    /// <summary>Names the key derived from the instance key for these hashes.</summary>
    public const string KeyPurpose = "erased people";

    const int MostReceipts = 100;

    /// <summary>A copy of everything kept of the person with this address.</summary>
    public Task<PersonExport> Export(long workspaceId, string email, CancellationToken cancel)
    {
        var key = Key(email);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var contactId = await PersonalDataStore.Find(session, key, cancel);
                var sections = new Dictionary<string, JsonElement>();
                foreach (var (name, rows) in await PersonalDataStore.Export(session, contactId, key, cancel))
                    sections[name] = JsonSerializer.Deserialize<JsonElement>(rows);
                return new PersonExport(
                    key, time.GetUtcNow().UtcDateTime, JsonSerializer.SerializeToElement(sections));
            },
            cancel);
    }

    /// <summary>How many rows of each kind are kept of the person with this address.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Count(
        long workspaceId, string email, CancellationToken cancel) =>
        (await Export(workspaceId, email, cancel)).Sections.EnumerateObject()
            .ToDictionary(section => section.Name, section => section.Value.GetArrayLength());

    /// <summary>
    /// Erases the person with this address and keeps them suppressed; the receipt says what was removed.
    /// Counters of campaigns stay, without saying whom they counted.
    /// </summary>
    public Task<ErasureReceipt> Erase(long workspaceId, string email, string by, CancellationToken cancel)
    {
        var key = Key(email);
        return database.InWorkspace(
            workspaceId,
            async session =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                var hash = session.PersonHash(key)
                    ?? throw new InvalidOperationException("No key for erased people was given.");
                var contactId = await PersonalDataStore.Find(session, key, cancel);
                if (contactId is { } contact)
                    foreach (var enrollment in await ReceivedMailStore.HoldRunning(session, contact, cancel))
                        await EnrollmentStore.Finish(session, enrollment, FinishReason.Removed, now, cancel);
                var removed = await PersonalDataStore.Erase(session, contactId, key, now, cancel);
                await SuppressionStore.Insert(
                    session, "address_hash", hash, "erased", null, by, now, cancel);
                var receipt = JsonSerializer.Serialize(removed);
                var id = await PersonalDataStore.KeepReceipt(session, hash, receipt, by, now, cancel);
                await session.Announce("leads", 0, cancel);
                await session.Announce("inbox", 0, cancel);
                return new ErasureReceipt(
                    id, hash, JsonSerializer.Deserialize<JsonElement>(receipt), by, now);
            },
            cancel);
    }

    public Task<IReadOnlyList<ErasureReceipt>> Receipts(long workspaceId, CancellationToken cancel) =>
        database.InWorkspace(
            workspaceId, session => PersonalDataStore.Receipts(session, MostReceipts, cancel), cancel);

    static string Key(string email) =>
        Overture.Mail.EmailAddress.TryParse(email, out _, out var wrong)
            ? ContactKey.ForEmail(email)!
            : throw new RuleBroken("bad_address", $"'{email}' is not an e-mail address: {wrong}", "email");
}
