using System.Buffers.Text;
using System.Globalization;
using Overture.Providers.OAuth2;
using Overture.Providers.Outbound;

namespace Overture.Providers.Gmail;

/// <summary>
/// Speaks to one mailbox by Gmail's API (https://developers.google.com/workspace/gmail/api). Sending is in
/// two steps, so that its fate can always be found out: <see cref="CreateDraft"/>, whose id the caller
/// stores, then <see cref="SendDraft"/>; Gmail deletes a draft as it sends it.
/// </summary>
/// <param name="options">Settings; while they have problems every call answers NotConfigured.</param>
/// <param name="tokens">The mailbox's grant. Unauthorised means that it must be connected again.</param>
/// <param name="outbound">The one way out.</param>
public sealed class GmailClient(GmailOptions options, OAuthTokens tokens, OutboundHttp outbound)
{
    const string Mailbox = "/gmail/v1/users/me";
    const int HistoryPageSize = 500;
    const int ListPageSize = 500;

    /// <summary>Whether the mailbox opens.</summary>
    public async Task<ProviderResult<bool>> Test(CancellationToken cancellation = default) =>
        (await Profile(cancellation)).Map(_ => true);

    /// <summary>The mailbox's address, and the point of its history to poll from.</summary>
    public Task<ProviderResult<GmailProfile>> Profile(CancellationToken cancellation = default) =>
        Read("profile", "/profile", GmailReader.Profile, cancellation);

    /// <summary>
    /// Stores a message as a draft. A reply needs the thread besides its own In-Reply-To, References and
    /// subject. Twice called it leaves two drafts, of which only one is sent.
    /// </summary>
    public Task<ProviderResult<GmailDraft>> CreateDraft(
        ReadOnlyMemory<byte> message, string? threadId = null, CancellationToken cancellation = default)
    {
        if (message.Length > GmailOptions.LargestMessageBytes)
            return Task.FromResult(new ProviderResult<GmailDraft>(
                new ProviderFailure(
                    GmailOptions.Provider, FailureKind.InvalidRequest,
                    $"{message.Length} bytes in the message; Gmail takes {GmailOptions.LargestMessageBytes}"),
                null));
        return message.Length > GmailOptions.LargestInlineBytes
            ? With(Drafting, caller => caller.Send(
                GmailUpload.Draft(message, threadId), GmailReader.Draft, cancellation), cancellation)
            : With(Drafting, caller => caller.Post(
                "create_draft", Mailbox + "/drafts",
                new { message = new { raw = Base64Url.EncodeToString(message.Span), threadId } },
                GmailReader.Draft, cancellation), cancellation);
    }

    /// <summary>
    /// Sends a draft; NotFound when it is gone already. After Unavailable, Timeout or any answer that cannot
    /// be read it may have been sent: ask <see cref="FindOut"/>, never send anew without.
    /// </summary>
    public Task<ProviderResult<GmailName>> SendDraft(
        string draftId, CancellationToken cancellation = default) =>
        With(Sending, caller => caller.Post(
            "send_draft", Mailbox + "/drafts/send", new { id = draftId }, GmailReader.Name, cancellation),
            cancellation);

    /// <summary>
    /// Deletes a draft for ever. True: it was there, so it has not been sent and never will be. False: it was
    /// gone already, sent or deleted.
    /// </summary>
    public async Task<ProviderResult<bool>> DeleteDraft(
        string draftId, CancellationToken cancellation = default)
    {
        var result = await With(Reading, caller => caller.Delete(
            "delete_draft", $"{Mailbox}/drafts/{Uri.EscapeDataString(draftId)}", cancellation), cancellation);
        return OrGone(result.Map(_ => true), whenGone: false);
    }

    /// <summary>
    /// The drafts that bear a Message-ID (with or without angle brackets): what a send that broke off left.
    /// </summary>
    public Task<ProviderResult<IReadOnlyList<string>>> FindDrafts(
        string messageId, CancellationToken cancellation = default) =>
        Read(
            "find_drafts", "/drafts" + ProviderCaller.Query(("q", "rfc822msgid:" + messageId.Trim('<', '>'))),
            GmailReader.DraftIds, cancellation);

    /// <summary>Whether a draft is still there: it was not sent then.</summary>
    public async Task<ProviderResult<bool>> HasDraft(
        string draftId, CancellationToken cancellation = default)
    {
        var draft = await Read(
            "get_draft", $"/drafts/{Uri.EscapeDataString(draftId)}?format=minimal", GmailReader.Draft,
            cancellation);
        return OrGone(draft.Map(_ => true), whenGone: false);
    }

    /// <summary>
    /// Messages by their Message-ID header (with or without angle brackets), also among spam and trash; empty
    /// when there is none. New messages can be found after some seconds only.
    /// </summary>
    public Task<ProviderResult<IReadOnlyList<GmailName>>> FindByMessageId(
        string messageId, bool onlySent = false, CancellationToken cancellation = default) =>
        Read(
            "find_message", "/messages" + ProviderCaller.Query(
                ("q", "rfc822msgid:" + messageId.Trim('<', '>')), ("includeSpamTrash", "true"),
                ("labelIds", onlySent ? "SENT" : null)),
            GmailReader.Names, cancellation);

    /// <summary>
    /// What became of a draft whose sending got no clear answer: still there is not sent, gone and found
    /// among the sent is sent.
    /// </summary>
    public async Task<ProviderResult<GmailSending>> FindOut(
        string draftId, string messageId, CancellationToken cancellation = default)
    {
        var draft = await HasDraft(draftId, cancellation);
        if (!draft.IsOk || draft.Value) return draft.Map(_ => GmailSending.NotSent);
        var sent = await FindByMessageId(messageId, onlySent: true, cancellation);
        return sent.Map(found => found.Count > 0 ? GmailSending.Sent : GmailSending.Unknown);
    }

    /// <summary>
    /// What came in since a point of the history, one page of it. Polling needs no subscription: two units
    /// each time, and nothing is missed between two polls.
    /// </summary>
    public async Task<ProviderResult<GmailHistory>> History(
        string startHistoryId, string? next = null, CancellationToken cancellation = default)
    {
        var page = await Read(
            "history", "/history" + ProviderCaller.Query(
                ("startHistoryId", startHistoryId), ("historyTypes", "messageAdded"),
                ("maxResults", $"{HistoryPageSize}"), ("pageToken", next)),
            GmailReader.History, cancellation);
        return page.Failure is { Kind: FailureKind.NotFound, HttpCode: 404 }
            ? new(new GmailHistory([], null, startHistoryId, IsExpired: true), page.Raw)
            : page;
    }

    /// <summary>
    /// What was received since a moment, the newest first, also what was filtered away or taken for spam; one
    /// page. For the beginning, and for when the history is lost.
    /// </summary>
    public Task<ProviderResult<GmailPage>> Received(
        DateTimeOffset since, string? next = null, CancellationToken cancellation = default) =>
        Read(
            "list_messages", "/messages" + ProviderCaller.Query(
                ("q", string.Create(
                    CultureInfo.InvariantCulture,
                    $"after:{since.ToUnixTimeSeconds()} -in:sent -in:drafts -in:chats -in:trash")),
                ("includeSpamTrash", "true"), ("maxResults", $"{ListPageSize}"), ("pageToken", next)),
            GmailReader.Page, cancellation);

    /// <summary>The whole message; NotFound when it has been deleted meanwhile.</summary>
    public Task<ProviderResult<GmailMessage>> Message(
        string messageId, CancellationToken cancellation = default) =>
        Read("get_message", $"/messages/{Uri.EscapeDataString(messageId)}?format=raw", GmailReader.Message,
            cancellation);

    ProviderProfile Reading => options.ReadProfile;

    ProviderProfile Drafting => options.DraftProfile;

    ProviderProfile Sending => options.SendProfile;

    Task<ProviderResult<T>> Read<T>(
        string operation, string path, Func<byte[], T> read, CancellationToken cancellation)
        where T : class =>
        With(Reading, caller => caller.Get(operation, Mailbox + path, read, cancellation), cancellation);

    // A token can end before its time. What was refused for it has had no effect and may be asked again.
    async Task<ProviderResult<T>> With<T>(
        ProviderProfile profile, Func<ProviderCaller, Task<ProviderResult<T>>> call,
        CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var token = await tokens.Token(cancellation);
            if (token.Failure is { } noToken) return new(noToken, null);
            var result = await call(new ProviderCaller(
                outbound, profile, options.BaseUrl, Credential.Bearer(token.Value.AccessToken),
                options.Problems()));
            if (!isFirst || result.Failure?.Kind != FailureKind.Unauthorised) return result;
            tokens.Forget(token.Value);
        }
    }

    static ProviderResult<bool> OrGone(ProviderResult<bool> result, bool whenGone) =>
        result.Failure is { Kind: FailureKind.NotFound, HttpCode: 404 } ? new(whenGone, result.Raw) : result;
}
