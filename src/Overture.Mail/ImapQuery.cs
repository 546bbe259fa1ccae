namespace Overture.Mail;

/// <summary>
/// What to search for (RFC 3501 section 6.4.4). Parts joined with <see cref="And"/> must all hold.
/// </summary>
public sealed class ImapQuery
{
    readonly List<Action<ImapCommand>> parts = [];

    ImapQuery(Action<ImapCommand> part, bool ascii = true)
    {
        parts.Add(part);
        IsAscii = ascii;
    }

    /// <summary>Every message.</summary>
    public static ImapQuery All => new(command => command.Add(" ALL"));

    /// <summary>Messages not marked as read.</summary>
    public static ImapQuery Unread => new(command => command.Add(" UNSEEN"));

    /// <summary>Messages marked for deletion.</summary>
    public static ImapQuery Deleted => new(command => command.Add(" DELETED"));

    internal bool IsAscii { get; private set; }

    /// <summary>Messages whose header field contains a text.</summary>
    /// <param name="field">The field name, such as Message-ID.</param>
    /// <param name="text">The text; empty for any message that has the field.</param>
    public static ImapQuery Header(string field, string text) =>
        new(command => command.Add(" HEADER").String(field).String(text), text.All(char.IsAscii));

    /// <summary>Messages that arrived on this day or later, by the server's calendar.</summary>
    /// <param name="day">The day.</param>
    public static ImapQuery Since(DateTimeOffset day) =>
        new(command => command.Add(" SINCE " + ImapCommand.Date(day)));

    /// <summary>Messages from a UID on. The server may add the last message, whatever its UID.</summary>
    /// <param name="first">The first UID.</param>
    public static ImapQuery UidFrom(uint first) => new(command => command.Add($" UID {first}:*"));

    /// <summary>Messages of these UIDs.</summary>
    /// <param name="uids">The UIDs.</param>
    public static ImapQuery Uids(IReadOnlyList<uint> uids) =>
        new(command => command.Add(" UID " + ImapCommand.Set(uids)));

    /// <summary>Messages changed since a modification number (RFC 7162).</summary>
    /// <param name="modSeq">The number.</param>
    public static ImapQuery ModSeq(long modSeq) => new(command => command.Add($" MODSEQ {modSeq}"));

    /// <summary>Both this and another condition.</summary>
    /// <param name="other">The other condition.</param>
    public ImapQuery And(ImapQuery other)
    {
        var both = new ImapQuery(parts[0], IsAscii && other.IsAscii);
        both.parts.AddRange(parts.Skip(1).Concat(other.parts));
        return both;
    }

    internal void Write(ImapCommand command) => parts.ForEach(part => part(command));
}
