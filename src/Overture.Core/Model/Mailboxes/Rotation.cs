using Overture.Core.Data;

namespace Overture.Core.Model;

/// <summary>
/// Which of a campaign's mailboxes writes to somebody, for a batch of enrollments. Who wrote first writes
/// all, so that a person has one sender and one thread; new people go to the mailbox with the most room.
/// </summary>
sealed class Rotation
{
    readonly Dictionary<long, (long? MailboxId, bool HasOthers)> kept;
    readonly DateTime now;
    readonly Dictionary<long, Mailbox?> mailboxes = [];
    readonly Dictionary<long, List<Mailbox>> choices = [];
    readonly Dictionary<long, long> rooms = [];
    readonly Dictionary<long, long> chosen = [];
    readonly Dictionary<long, int> planned = [];

    Rotation(IEnumerable<(long Id, long? MailboxId, bool HasOthers)> rows, DateTime now)
    {
        kept = rows.ToDictionary(row => row.Id, row => (row.MailboxId, row.HasOthers));
        this.now = now;
    }

    public static async Task<Rotation> Load(
        Session session, IReadOnlyList<Enrollment> enrollments, DateTime now, CancellationToken cancel) =>
        new(await RotationStore.FindMany(session, [.. enrollments.Select(one => one.Id)], cancel), now);

    /// <summary>The enrollment's sender, chosen now when it has none yet.</summary>
    public async Task<Mailbox> SenderOf(
        Session session, Enrollment enrollment, Mailbox own, CancellationToken cancel)
    {
        var (mailboxId, hasOthers) = kept[enrollment.Id];
        if (mailboxId is { } known)
            return known == own.Id
                ? own
                : await Find(session, known, cancel) ?? throw RuleBroken.NotFound("mailbox", known);
        var sender = hasOthers ? await MostRoom(session, enrollment.CampaignId, own, cancel) : own;
        chosen[enrollment.Id] = sender.Id;
        return sender;
    }

    /// <summary>One more message was planned from this mailbox.</summary>
    public void Count(long mailboxId)
    {
        planned[mailboxId] = planned.GetValueOrDefault(mailboxId) + 1;
    }

    /// <summary>Writes down who was chosen for whom.</summary>
    public void Keep(Batch batch)
    {
        if (chosen.Count > 0) RotationStore.KeepAll(batch, chosen);
    }

    /// <summary>
    /// A mailbox that does not work takes nobody new while another works. Room is what the day allows less
    /// what left today and what is written already.
    /// </summary>
    async Task<Mailbox> MostRoom(Session session, long campaignId, Mailbox own, CancellationToken cancel)
    {
        if (!choices.TryGetValue(campaignId, out var shared))
        {
            choices[campaignId] = shared = [];
            foreach (var id in (await RotationStore.Others(session, campaignId, cancel)).Append(own.Id)
                .Distinct())
                if ((id == own.Id ? own : await Find(session, id, cancel)) is { } mailbox)
                {
                    shared.Add(mailbox);
                    await ReadRoom(session, mailbox, cancel);
                }
        }

        return shared
            .OrderByDescending(one => one.State is MailboxState.Connected or MailboxState.Untested)
            .ThenByDescending(one => rooms[one.Id] - planned.GetValueOrDefault(one.Id))
            .ThenBy(one => one.Id).First();
    }

    async Task ReadRoom(Session session, Mailbox mailbox, CancellationToken cancel)
    {
        var (sent, waiting, first) = await RotationStore.Load(
            session, mailbox.Id, mailbox.Window.CountingStarts(now).Day, cancel);
        var allowed = mailbox.AllowanceOn(first is { } at ? mailbox.Window.DaysBetween(at, now) : 0);
        rooms[mailbox.Id] = allowed - sent - waiting;
    }

    async Task<Mailbox?> Find(Session session, long id, CancellationToken cancel) =>
        mailboxes.TryGetValue(id, out var known)
            ? known : mailboxes[id] = await MailboxStore.Find(session, id, cancel);
}
