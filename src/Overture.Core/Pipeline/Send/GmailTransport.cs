using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Mail;
using Overture.Providers.Gmail;
using Overture.Providers.Outbound;

namespace Overture.Core.Pipeline;

/// <summary>
/// Mail by Gmail's interface. Preparing leaves a draft there, whose id is recorded with the attempt;
/// finishing sends that draft, which Gmail can do once. So a draft that can still be deleted was not sent,
/// whatever became of us: deleting it decides, and nothing is ever sent twice.
/// </summary>
public sealed class GmailTransport(GmailClients clients, TimeProvider time) : ITransport
{
    public const string Name = "gmail";

    /// <summary>A draft left over is deleted within this time, or when its message goes next.</summary>
    static readonly TimeSpan CleaningTime = TimeSpan.FromSeconds(10);

    public async Task<IPreparedSend> Prepare(
        Mailbox mailbox, string from, string to, byte[] message, CancellationToken cancel)
    {
        try
        {
            if (await clients.Find(mailbox.WorkspaceId, mailbox.Id, cancel) is not { } client)
                return new Held(GmailFaults.NotConnected("Nobody has consented to the use of this mailbox."));
            return await Removed(client, message, cancel) is { } inTheWay
                ? new Held(inTheWay) : await Draft(client, message, cancel);
        }
        catch (SecretUnreadable)
        {
            return new Held(GmailFaults.NotConnected(
                "The kept consent cannot be read with this instance's key."));
        }
    }

    /// <summary>
    /// Removes what a try that broke off has left of this message; the outcome when that is not certain.
    /// </summary>
    static async Task<SendOutcome?> Removed(GmailClient client, byte[] message, CancellationToken cancel)
    {
        if (MimeReader.Read(message).MessageId is not { } messageId) return null;
        var left = await client.FindDrafts(messageId, cancel);
        if (left.Failure is { } unseen) return GmailFaults.Of(unseen);
        foreach (var draftId in left.Value)
        {
            var deleted = await client.DeleteDraft(draftId, cancel);
            if (deleted.Failure is { } kept) return GmailFaults.Of(kept);
            if (!deleted.Value)
                return GmailFaults.Of(new ProviderFailure(
                    GmailOptions.Provider, FailureKind.Unavailable,
                    "a draft of this message vanished while it was prepared"));
        }

        return null;
    }

    async Task<Held> Draft(GmailClient client, byte[] message, CancellationToken cancel)
    {
        var draft = await client.CreateDraft(message, cancellation: cancel);
        return draft.Failure is { } failure
            ? new Held(GmailFaults.Of(failure)) : new Held(client, draft.Value, time);
    }

    sealed class Held : IPreparedSend
    {
        readonly GmailClient? client;
        readonly TimeProvider time = TimeProvider.System;
        bool isLeftOver;

        public Held(SendOutcome early) => Outcome = early;

        public Held(GmailClient client, GmailDraft draft, TimeProvider time) =>
            (this.client, DraftId, this.time) = (client, draft.DraftId, time);

        public string Transport => Name;

        public string? DraftId { get; }

        public SendOutcome? Outcome { get; }

        public async Task<SendOutcome> Finish(CancellationToken cancel)
        {
            var sent = await client!.SendDraft(DraftId!, cancel);
            if (sent.Failure is not { } failure)
                return new SendOutcome.Accepted(200, $"Gmail message {sent.Value.MessageId}");
            if (failure.HttpCode >= 500 && await WasTakenBack(cancel)) return GmailFaults.Of(failure);
            if (GmailFaults.IsFateUnknown(failure))
                return new SendOutcome.Uncertain($"Gmail gave no clear answer: {failure.Sentence}");
            if (failure.Kind == FailureKind.NotFound)
                return new SendOutcome.Uncertain("The draft was gone when it was to be sent.");
            isLeftOver = true;
            return GmailFaults.Of(failure);
        }

        public async Task<(SendOutcome Outcome, Task<IPreparedSend?> Next)> FinishAndPrepare(
            string from, string to, byte[] message, CancellationToken cancel) =>
            (await Finish(CancellationToken.None), Task.FromResult<IPreparedSend?>(null));

        public void Abandon() => isLeftOver = DraftId is not null;

        public async ValueTask DisposeAsync()
        {
            if (!isLeftOver) return;
            using var over = new CancellationTokenSource(CleaningTime, time);
            try
            {
                await client!.DeleteDraft(DraftId!, over.Token);
            }
            catch (OperationCanceledException)
            {
                isLeftOver = false; // Found by its Message-ID when the message is prepared again.
            }
        }

        /// <summary>
        /// Gmail has answered, so it is done with the draft: if it is still there, it stays unsent.
        /// </summary>
        async Task<bool> WasTakenBack(CancellationToken cancel) =>
            await client!.DeleteDraft(DraftId!, cancel) is { IsOk: true, Value: true };
    }
}
