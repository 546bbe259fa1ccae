using System.Buffers;

namespace Overture.Mail.Inbound;

/// <summary>Which part of an inbound message points to one of ours; the smaller, the stronger.</summary>
public enum ThreadEvidence
{
    /// <summary>
    /// Our own token came back, in a header field, a recipient address or a returned original.
    /// </summary>
    Token,

    /// <summary>The message it answers (RFC 5322 section 3.6.4, In-Reply-To).</summary>
    InReplyTo,

    /// <summary>The conversation it belongs to (RFC 5322 section 3.6.4, References), newest first.</summary>
    References,

    /// <summary>The Message-ID of the original that a bounce or complaint returned.</summary>
    Returned,
}

/// <summary>A value of an inbound message that may name one of ours.</summary>
/// <param name="Evidence">Where it was found.</param>
/// <param name="Value">A token, or a Message-ID without angle brackets.</param>
public readonly record struct ThreadKey(ThreadEvidence Evidence, string Value);

/// <summary>The message of ours that an inbound one belongs to.</summary>
/// <typeparam name="T">What the caller knows a sent message by.</typeparam>
/// <param name="Sent">The sent message.</param>
/// <param name="By">The key that found it.</param>
public sealed record ThreadMatch<T>(T Sent, ThreadKey By)
    where T : class;

/// <summary>
/// Finds the sent message an inbound one belongs to. Pure: what was sent is asked of the caller.
/// </summary>
public static class Threading
{
    const int MaxKeys = 100;
    const int MaxTokenCharacters = 200;

    static readonly SearchValues<char> NotInTokens = SearchValues.Create(" \t<>@,;");

    static readonly string[] EnvelopeHeaders =
        ["Delivered-To", "X-Original-To", "Envelope-To", "Return-Path", "Reply-To", "X-Envelope-To"];

    /// <summary>The header field that carries our token.</summary>
    public const string TokenHeader = "X-Overture-Ref";

    /// <summary>All keys of the message, strongest first, without repeats.</summary>
    /// <param name="mail">The inbound message.</param>
    /// <param name="mailbox">The mailbox it was found in.</param>
    public static IReadOnlyList<ThreadKey> Keys(ReceivedEmail mail, OwnMailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(mailbox);
        var original = BounceParts.Of(mail) is var parts && parts.Original is { } attached
            ? attached : BounceReader.OriginalFromText(parts);
        var keys = Tokens(mail, mailbox).Concat(original is null ? [] : Tokens(original, mailbox))
            .Select(t => new ThreadKey(ThreadEvidence.Token, t))
            .Concat(mail.InReplyTo.Select(id => new ThreadKey(ThreadEvidence.InReplyTo, id)))
            .Concat(mail.References.Reverse().Select(id => new ThreadKey(ThreadEvidence.References, id)))
            .Concat(Returned(original));
        return [.. keys.DistinctBy(k => (k.Evidence == ThreadEvidence.Token, k.Value)).Take(MaxKeys)];
    }

    /// <summary>
    /// The sent message the inbound one belongs to; null when there is none, and for our own copies,
    /// which never answer anything.
    /// </summary>
    /// <param name="mail">The inbound message.</param>
    /// <param name="mailbox">The mailbox it was found in.</param>
    /// <param name="find">The sent message with this token or Message-ID; null when there is none.</param>
    public static ThreadMatch<T>? Match<T>(ReceivedEmail mail, OwnMailbox mailbox, Func<ThreadKey, T?> find)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(find);
        if (IsOwnCopy(mail, mailbox)) return null;
        foreach (var key in Keys(mail, mailbox))
        {
            if (find(key) is { } sent) return new ThreadMatch<T>(sent, key);
        }

        return null;
    }

    /// <summary>
    /// True for what the mailbox itself wrote: a copy in Sent, or mail from one of its aliases.
    /// </summary>
    public static bool IsOwnCopy(ReceivedEmail mail, OwnMailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mail);
        ArgumentNullException.ThrowIfNull(mailbox);
        return mail.From.Any(a => mailbox.Owns(a.Address))
            || (mail.From.Count == 0 && mail.Sender is { } sender && mailbox.Owns(sender.Address));
    }

    static IEnumerable<string> Tokens(ReceivedEmail mail, OwnMailbox mailbox)
    {
        foreach (var value in mail.HeaderValues(TokenHeader))
        {
            if (IsToken(value.Trim())) yield return value.Trim();
        }

        foreach (var address in Envelope(mail))
        {
            if (mailbox.TagOf(address) is { } tag && IsToken(tag)) yield return tag;
        }

        foreach (var token in UnsubscribeTokens(mail, mailbox)) yield return token;
    }

    static IEnumerable<string> Envelope(ReceivedEmail mail) =>
        mail.To.Concat(mail.Cc).Select(a => a.Address).Concat(
            EnvelopeHeaders.SelectMany(mail.HeaderValues).Select(v => v.Trim('<', '>', ' ')));

    // The unsubscribe link of a returned original ends with the token of its message.
    static IEnumerable<string> UnsubscribeTokens(ReceivedEmail mail, OwnMailbox mailbox)
    {
        foreach (var entry in (mail.Header("List-Unsubscribe") ?? "").Split(','))
        {
            var text = entry.Trim(' ', '<', '>');
            if (!Uri.TryCreate(text, UriKind.Absolute, out var link)) continue;
            if (mailbox.UnsubscribeHost is null
                || !link.Host.Equals(mailbox.UnsubscribeHost, StringComparison.OrdinalIgnoreCase))
                continue;
            var token = link.Segments[^1].Trim('/');
            if (IsToken(token)) yield return token;
        }
    }

    static IEnumerable<ThreadKey> Returned(ReceivedEmail? original)
    {
        if (original is null) yield break;
        if (original.MessageId is { } id) yield return new ThreadKey(ThreadEvidence.Returned, id);
        foreach (var earlier in original.References.Reverse())
            yield return new ThreadKey(ThreadEvidence.Returned, earlier);
    }

    static bool IsToken(string value) =>
        value.Length is > 0 and <= MaxTokenCharacters && !value.AsSpan().ContainsAny(NotInTokens);
}
