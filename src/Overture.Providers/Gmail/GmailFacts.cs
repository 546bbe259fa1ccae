namespace Overture.Providers.Gmail;

/// <summary>The mailbox behind the token.</summary>
/// <param name="EmailAddress">Its address.</param>
/// <param name="HistoryId">From here on <see cref="GmailClient.History"/> tells what is new.</param>
public sealed record GmailProfile(string EmailAddress, string HistoryId);

/// <summary>A message's names in the mailbox.</summary>
public sealed record GmailName(string MessageId, string ThreadId);

/// <summary>A draft. Its id is to be stored before it is sent.</summary>
public sealed record GmailDraft(string DraftId, GmailName Message);

/// <summary>A whole message.</summary>
/// <param name="Name">Its names.</param>
/// <param name="Labels">INBOX, SENT, DRAFT, SPAM and the like.</param>
/// <param name="HistoryId">The mailbox's change it belongs to.</param>
/// <param name="ReceivedAt">When Gmail took it; null when it does not say.</param>
/// <param name="Bytes">The message as RFC 5322 text.</param>
public sealed record GmailMessage(
    GmailName Name, IReadOnlyList<string> Labels, string? HistoryId, DateTimeOffset? ReceivedAt,
    ReadOnlyMemory<byte> Bytes);

/// <summary>A page of what came into the mailbox since a point of its history.</summary>
/// <param name="Added">The new messages, oldest change first; a message may stand there twice.</param>
/// <param name="Next">Asks for the next page; null on the last.</param>
/// <param name="HistoryId">Where to go on once the last page is read.</param>
/// <param name="IsExpired">
/// The start is too old (about a week) and nothing can be told: search the mailbox anew, and begin again at
/// the profile's history.
/// </param>
public sealed record GmailHistory(
    IReadOnlyList<GmailAdded> Added, string? Next, string HistoryId, bool IsExpired = false);

/// <summary>A page of messages, the newest first; <paramref name="Next"/> asks for older ones.</summary>
public sealed record GmailPage(IReadOnlyList<GmailName> Messages, string? Next);

/// <summary>A message that came in, and where it lies.</summary>
public sealed record GmailAdded(GmailName Name, IReadOnlyList<string> Labels);

/// <summary>What is known about a draft whose sending got no clear answer.</summary>
public enum GmailSending
{
    /// <summary>The draft is still there: it was not sent, and sending it again is safe.</summary>
    NotSent,

    /// <summary>The draft is gone and the message lies among those sent.</summary>
    Sent,

    /// <summary>The draft is gone and the message cannot be seen yet: look again later.</summary>
    Unknown,
}
