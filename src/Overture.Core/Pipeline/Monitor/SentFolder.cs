using Overture.Core.Model;
using Overture.Mail;

namespace Overture.Core.Pipeline;

/// <summary>The marks that our message bears, whatever the provider rewrites.</summary>
public sealed record SentMarks(string MessageId, string ReferenceToken, string UnsubscribeToken);

/// <summary>
/// One look for one message. Found says by which mark; the observed id is the Message-ID it is kept under.
/// </summary>
public sealed record SentLook(EvidenceResult Result, string Place, string Detail, string? ObservedId = null)
{
    public EvidenceSource Source { get; init; } = EvidenceSource.SentFolder;

    /// <summary>One look is enough: what it shows cannot change any more.</summary>
    public bool IsExact { get; init; }
}

/// <summary>Looks into the folder in which a mailbox's server keeps what was sent.</summary>
public sealed class SentFolder(OpenMailbox mailboxes)
{
    /// <summary>
    /// Looks for messages, in their order. <paramref name="known"/> are some that were certainly sent: where
    /// none of them is kept, the absence of another proves nothing.
    /// </summary>
    public async Task<IReadOnlyList<SentLook>> Look(
        long workspaceId, long mailboxId, IReadOnlyList<SentMarks> wanted,
        IReadOnlyList<(string MessageId, string ReferenceToken)> known, CancellationToken cancel)
    {
        try
        {
            await using var session = await mailboxes.Connect(workspaceId, mailboxId, cancel);
            if (session is null) return Unreadable(wanted, "the mailbox", "Nothing says how it is read.");
            if (await OpenMailbox.SentFolder(session, cancel) is not { } folder)
                return Unreadable(wanted, "the mailbox", "Its server names no Sent folder.");
            await session.Open(folder.Name, cancel: cancel);
            var looks = new List<SentLook>();
            foreach (var marks in wanted) looks.Add(await Find(session, folder.Name, marks, cancel));
            if (looks.All(look => look.Result == EvidenceResult.Found)
                || await KeepsCopies(session, known, cancel))
                return looks;
            return [.. looks.Select(look => look.Result == EvidenceResult.Found
                ? look
                : look with
                {
                    Result = EvidenceResult.Unreadable,
                    Detail = "Not there; but nothing else that was sent is kept there either.",
                })];
        }
        catch (ImapFailed failed)
        {
            return Unreadable(wanted, "the mailbox", failed.Message);
        }
    }

    static async Task<SentLook> Find(
        ImapSession session, string folder, SentMarks marks, CancellationToken cancel)
    {
        var place = $"Sent folder “{folder}”";
        if ((await session.FindByHeader("Message-ID", marks.MessageId, cancel)).Count > 0)
            return new SentLook(EvidenceResult.Found, place, "by its Message-ID");
        var byToken = await session.FindByHeader(EmailBuilder.ReferenceHeader, marks.ReferenceToken, cancel);
        var by = "by our reference header";
        if (byToken.Count == 0)
        {
            byToken = await session.Search(
                ImapQuery.Header("List-Unsubscribe", marks.UnsubscribeToken), cancel);
            by = "by its unsubscribe link";
        }

        return byToken.Count == 0
            ? new SentLook(EvidenceResult.Absent, place, "Not there under any of its marks.")
            : new SentLook(
                EvidenceResult.Found, place, by, await MessageIdOf(session, byToken[^1], cancel));
    }

    static async Task<string?> MessageIdOf(ImapSession session, uint uid, CancellationToken cancel)
    {
        await foreach (var message in session.Fetch([uid], ImapFetchItems.Header, cancel))
            if (message.Header is { } header)
                return MimeReader.Read(header.ToArray()).Headers.FirstOrDefault(field =>
                    field.Name.Equals("Message-ID", StringComparison.OrdinalIgnoreCase))?.Value.Trim();
        return null;
    }

    static async Task<bool> KeepsCopies(
        ImapSession session, IReadOnlyList<(string MessageId, string ReferenceToken)> known,
        CancellationToken cancel)
    {
        foreach (var (messageId, token) in known)
            if ((await session.FindByHeader("Message-ID", messageId, cancel)).Count > 0
                || (await session.FindByHeader(EmailBuilder.ReferenceHeader, token, cancel)).Count > 0)
                return true;
        return false;
    }

    static IReadOnlyList<SentLook> Unreadable(
        IReadOnlyList<SentMarks> wanted, string place, string why) =>
        [.. wanted.Select(_ => new SentLook(EvidenceResult.Unreadable, place, why))];
}
