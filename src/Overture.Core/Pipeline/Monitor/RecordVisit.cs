using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes down that a pixel was shown or a link followed, once for people and once for machines. Conditions of
/// a sequence look at people only. Our own visits are not written down at all.
/// </summary>
public sealed class RecordVisit(Database database, TimeProvider time)
{
    const int LongestUserAgent = 300;

    /// <summary>Two links within this time were followed by a machine that follows them all.</summary>
    static readonly TimeSpan AllAtOnce = TimeSpan.FromSeconds(2);

    /// <summary>More than this of one message is kept by nobody.</summary>
    const int MostVisits = 1_000;

    public async Task Open(Visit visit, CancellationToken cancel) =>
        await Record(visit, "open", "opened", cancel);

    /// <summary>Where the link leads; null when it is none of ours.</summary>
    public Task<string?> Click(Visit visit, CancellationToken cancel) =>
        Record(visit, "click", "clicked", cancel);

    Task<string?> Record(Visit visit, string kind, string eventKind, CancellationToken cancel) =>
        database.InInstance(
            async instance =>
            {
                var link = await TrackingStore.Find(instance, TrackedBody.HashOf(visit.Token), cancel);
                if (link is null || (link.Url is null) == (kind == "click")) return null;
                var session = instance.In(link.WorkspaceId);
                var now = time.GetUtcNow().UtcDateTime;
                var (links, visits) = await TrackingStore.Recent(session, link.MessageId, now - AllAtOnce, cancel);
                if (visit.IsOurs || visits >= MostVisits) return link.Url;
                var machine = VisitReader.MachineReason(visit, link.SentAt, now);
                await TrackingStore.KeepVisit(
                    session, link.MessageId, kind, machine is not null, machine ?? "person", link.Url,
                    visit.UserAgent.Length <= LongestUserAgent ? visit.UserAgent
                        : visit.UserAgent[..LongestUserAgent], now, cancel);
                if (!await TrackingStore.IsTold(session, link.MessageId, eventKind, machine is null, cancel))
                    await Tell(session, link, eventKind, machine is null, now, cancel);
                var after = await TrackingStore.Recent(session, link.MessageId, now - AllAtOnce, cancel);
                if (links > 0 && after.Links > 1)
                    await TrackingStore.MarkMachine(
                        session, link.MessageId, now - AllAtOnce, "followed all links at once", cancel);
                return link.Url;
            },
            cancel);

    static async Task Tell(
        Session session, TrackedLink link, string kind, bool human, DateTime now, CancellationToken cancel)
    {
        await EventStore.Append(
            session, kind, link.CampaignId, link.EnrollmentId, link.MessageId, link.ContactId,
            JsonSerializer.Serialize(new { human, url = link.Url }), now, cancel);
        await session.Announce("campaigns", link.CampaignId, cancel);
    }
}
