using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// One claimed intent with everything needed to send it: the message, its sender and, once it is written, its
/// exact bytes.
/// </summary>
public sealed record Letter(
    SendIntent Intent, Message Message, Mailbox Mailbox, Workspace Workspace, long LeadId, string ToName,
    IReadOnlyList<(string MessageId, string Subject)> Thread)
{
    public string To => Message.ToAddress!;

    public string RecipientDomain => To[(To.LastIndexOf('@') + 1)..].ToLowerInvariant();

    /// <summary>Empty until <see cref="LetterWriter"/> has written them.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>What the letter tells of being read, as its campaign wishes.</summary>
    public CampaignTracking Tracking { get; init; } = CampaignTracking.Off;

    /// <summary>The letters of one mailbox's claims, in the order of the claims.</summary>
    internal static async Task<IReadOnlyList<Letter>> Load(
        Session session, IReadOnlyList<SendIntent> intents, Mailbox mailbox, Workspace workspace,
        CancellationToken cancel)
    {
        var ids = intents.Select(intent => intent.MessageId).ToArray();
        var batch = session.Together();
        var (found, addressees, before) = (
            MessageStore.FindMany(batch, ids), MessageStore.Addressees(batch, ids),
            MessageStore.SentBefore(batch, ids));
        await batch.Send(cancel);
        var messages = found.Values.ToDictionary(one => one.Id);
        var people = addressees.Values.ToDictionary(one => one.MessageId);
        var threads = before.Values.ToLookup(sent => sent.MessageId, sent => (sent.SentId, sent.Subject));
        return [.. intents.Select(intent => new Letter(
            intent, messages[intent.MessageId], mailbox, workspace, people[intent.MessageId].LeadId,
            people[intent.MessageId].Name, [.. threads[intent.MessageId]])
        {
            Tracking = new CampaignTracking(people[intent.MessageId].Opens, people[intent.MessageId].Clicks),
        })];
    }

    /// <summary>The letter of one intent, wherever its fate is decided later.</summary>
    internal static async Task<Letter> Of(Session session, SendIntent intent, CancellationToken cancel)
    {
        var mailbox = await MailboxStore.Find(session, intent.MailboxId, cancel)
            ?? throw RuleBroken.NotFound("mailbox", intent.MailboxId);
        var workspace = await WorkspaceStore.Get(session, cancel);
        return (await Load(session, [intent], mailbox, workspace, cancel))[0];
    }
}
