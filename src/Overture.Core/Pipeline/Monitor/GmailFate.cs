using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Providers.Gmail;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// Finds out what became of a message that Gmail was told to send. Its draft decides: one that can be deleted
/// was not sent and never will be, so its absence is proved at once. One that is gone was sent and is found
/// among the sent, or was deleted by a look that could not write it down: that takes several looks, and
/// messages of ours that can be found there.
/// </summary>
public sealed class GmailFate(GmailClients clients)
{
    const string Place = "Gmail account";

    public async Task<SentLook> Look(
        long workspaceId, long mailboxId, SentMarks marks, string draftId,
        IReadOnlyList<(string MessageId, string ReferenceToken)> known, CancellationToken cancel)
    {
        GmailClient? client;
        try
        {
            client = await clients.Find(workspaceId, mailboxId, cancel);
        }
        catch (SecretUnreadable unreadable)
        {
            return Unreadable(unreadable.Message);
        }

        if (client is null) return Unreadable("It is not connected any more.");
        var sent = await client.FindByMessageId(marks.MessageId, onlySent: true, cancel);
        if (sent.Failure is { } unseen) return Unreadable(GmailFaults.Sentence(unseen));
        if (sent.Value.Count > 0)
            return new SentLook(EvidenceResult.Found, Place, "among the sent, by its Message-ID")
            {
                Source = EvidenceSource.SentFolder,
            };
        var deleted = await client.DeleteDraft(draftId, cancel);
        if (deleted.Failure is { } refused) return Unreadable(GmailFaults.Sentence(refused));
        if (deleted.Value)
            return new SentLook(
                EvidenceResult.Absent, Place, "Its draft was still there and is deleted: it never left.")
            {
                Source = EvidenceSource.Draft, IsExact = true,
            };
        return await FindsAny(client, known, cancel)
            ? new SentLook(EvidenceResult.Absent, Place, "Its draft is gone, and it is not among the sent.")
            : Unreadable("Its draft is gone, and nothing that was sent can be found by its Message-ID.");
    }

    static async Task<bool> FindsAny(
        GmailClient client, IReadOnlyList<(string MessageId, string ReferenceToken)> known,
        CancellationToken cancel)
    {
        foreach (var (messageId, _) in known)
            if (await client.FindByMessageId(messageId, onlySent: true, cancel) is
                { IsOk: true, Value.Count: > 0 }) return true;
        return false;
    }

    static SentLook Unreadable(string why) =>
        new(EvidenceResult.Unreadable, Place, why) { Source = EvidenceSource.Draft };
}
