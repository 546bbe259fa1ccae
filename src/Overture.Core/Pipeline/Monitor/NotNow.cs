using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// The milder choice beside unsubscribing: nothing for a while. Like every hold it moves what is planned, and
/// it ends by itself.
/// </summary>
public sealed class NotNow(Database database, TimeProvider time)
{
    public const int LongestDays = 365;

    /// <summary>True when the link is ours and something was planned; an unknown link does nothing.</summary>
    public Task<bool> Run(string token, int days, CancellationToken cancel) =>
        database.InInstance(
            async instance =>
            {
                if (days is < 1 or > LongestDays || await MessageStore.FindByUnsubscribe(
                    instance, MessageIdentity.HashOf(token), cancel) is not { } link)
                    return false;
                var session = instance.In(link.WorkspaceId);
                var now = time.GetUtcNow().UtcDateTime;
                var held = false;
                foreach (var enrollment in await ReceivedMailStore.HoldRunning(session, link.ContactId, cancel))
                {
                    if (!await HoldStore.Extend(
                        session, enrollment, now.AddDays(days), null, null, now, cancel)) continue;
                    held = true;
                    await EventStore.Append(
                        session, "held", null, enrollment, link.MessageId, link.ContactId,
                        System.Text.Json.JsonSerializer.Serialize(new { by = "recipient", days }), now, cancel);
                }

                if (held && await LeadStore.FindByContact(session, link.ContactId, cancel) is { } lead)
                    await ActivityStore.Append(
                        session, lead, "held", "recipient", $"Asked for nothing in the next {days} days", now,
                        cancel);
                return held;
            },
            cancel);
}
