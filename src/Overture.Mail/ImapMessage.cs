using System.Globalization;

namespace Overture.Mail;

/// <summary>What to fetch of messages besides their UID and flags.</summary>
[Flags]
public enum ImapFetchItems
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>The size in bytes.</summary>
    Size = 1,

    /// <summary>When the server received it.</summary>
    ReceivedAt = 2,

    /// <summary>The parsed header (ENVELOPE).</summary>
    Envelope = 4,

    /// <summary>The parts (BODYSTRUCTURE).</summary>
    Structure = 8,

    /// <summary>The header as it stands.</summary>
    Header = 16,

    /// <summary>The modification number, where the folder keeps them.</summary>
    ModSeq = 32,
}

/// <summary>
/// A person or a list in an envelope (RFC 3501 section 7.4.2). Names are as sent, RFC 2047 and all.
/// </summary>
/// <param name="Name">The display name; null without.</param>
/// <param name="Address">The address; null for the start or the end of a group.</param>
public sealed record ImapAddress(string? Name, string? Address);

/// <summary>The envelope of a message (RFC 3501 section 7.4.2), texts as sent.</summary>
public sealed record ImapEnvelope
{
    /// <summary>The Date field.</summary>
    public string? Date { get; init; }

    /// <summary>The Subject field.</summary>
    public string? Subject { get; init; }

    /// <summary>The From field.</summary>
    public IReadOnlyList<ImapAddress> From { get; init; } = [];

    /// <summary>The To field.</summary>
    public IReadOnlyList<ImapAddress> To { get; init; } = [];

    /// <summary>The In-Reply-To field.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>The Message-ID field.</summary>
    public string? MessageId { get; init; }
}

/// <summary>A part of a message (RFC 3501 section 7.4.2, BODYSTRUCTURE).</summary>
/// <param name="Section">Its number for BODY[...], such as 1.2; empty for the whole of a multipart.</param>
/// <param name="Type">The media type in lower case, such as text/plain.</param>
/// <param name="Encoding">The transfer encoding in lower case; null for a multipart.</param>
/// <param name="Bytes">The encoded size; 0 for a multipart.</param>
/// <param name="Parts">The parts of a multipart.</param>
public sealed record ImapPart(
    string Section, string Type, string? Encoding, long Bytes, IReadOnlyList<ImapPart> Parts);

/// <summary>One message as fetched.</summary>
public sealed record ImapMessage
{
    /// <summary>The UID; it means nothing without the UIDVALIDITY of its folder.</summary>
    public required uint Uid { get; init; }

    /// <summary>The flags, such as \Seen.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The size in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>When the server received it, by the server's clock.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The modification number (RFC 7162).</summary>
    public long? ModSeq { get; init; }

    /// <summary>The parsed header.</summary>
    public ImapEnvelope? Envelope { get; init; }

    /// <summary>The parts.</summary>
    public ImapPart? Structure { get; init; }

    /// <summary>The header as it stands.</summary>
    public ReadOnlyMemory<byte>? Header { get; init; }

    /// <summary>Whether it is marked as read.</summary>
    public bool IsRead => Flags.Contains("\\Seen", StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a FETCH response; null when it names no UID.</summary>
    internal static ImapMessage? Read(ImapLine line)
    {
        if (line.Command != "FETCH" || line.Values.Count == 0) return null;
        var message = new ImapMessage { Uid = 0 };
        var items = line.Values[0].Items;
        for (var i = 0; i + 1 < items.Count; i += 2)
        {
            var (name, value) = (items[i], items[i + 1]);
            if (name.Is("UID"))
                message = message with { Uid = (uint)Math.Min(value.Number ?? 0, uint.MaxValue) };
            else if (name.Is("FLAGS"))
                message = message with { Flags = [.. value.Items.Select(flag => flag.Text ?? "")] };
            else if (name.Is("RFC822.SIZE")) message = message with { Size = value.Number };
            else if (name.Is("INTERNALDATE")) message = message with { ReceivedAt = Date(value.Text) };
            else if (name.Is("MODSEQ"))
                message = message with { ModSeq = value.Items.Count > 0 ? value.Items[0].Number : null };
            else if (name.Is("ENVELOPE")) message = message with { Envelope = ReadEnvelope(value.Items) };
            else if (name.Is("BODYSTRUCTURE") || (name.Is("BODY") && name.Section is null))
                message = message with { Structure = ReadPart(value.Items, "") };
            else if (name.Section is not null && message.Header is null)
                message = message with { Header = value.Bytes };
        }

        return message.Uid == 0 ? null : message;
    }

    static DateTimeOffset? Date(string? text)
    {
        // The zone has no colon in IMAP (RFC 3501 section 9, zone).
        var padded = text?.Trim() is { Length: > 5 } trimmed ? trimmed.Insert(trimmed.Length - 2, ":") : "";
        return DateTimeOffset.TryParseExact(padded, "d-MMM-yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture,
            DateTimeStyles.AllowWhiteSpaces, out var date)
            ? date
            : null;
    }

    static ImapEnvelope? ReadEnvelope(IReadOnlyList<ImapValue> items) => items.Count < 10
        ? null
        : new ImapEnvelope
        {
            Date = items[0].Text,
            Subject = items[1].Text,
            From = Addresses(items[2]),
            To = Addresses(items[5]),
            InReplyTo = items[8].Text,
            MessageId = items[9].Text,
        };

    static IReadOnlyList<ImapAddress> Addresses(ImapValue list) =>
    [
        .. list.Items.Where(one => one.Items.Count >= 4).Select(one => new ImapAddress(one.Items[0].Text,
            one.Items[3].Text is { } host ? $"{one.Items[2].Text}@{host}" : null)),
    ];

    static ImapPart? ReadPart(IReadOnlyList<ImapValue> items, string section)
    {
        if (items.Count == 0) return null;
        if (items[0].Kind == ImapKind.List)
        {
            var parts = items.TakeWhile(one => one.Kind == ImapKind.List).ToList();
            var subtype = parts.Count < items.Count ? items[parts.Count].Text : null;
            var children = parts.Select((part, index) => ReadPart(part.Items, Below(section, index + 1)));
            return new ImapPart(section, Lower("multipart", subtype), null, 0,
                [.. children.OfType<ImapPart>()]);
        }

        if (items.Count < 7) return null;
        return new ImapPart(section.Length == 0 ? "1" : section, Lower(items[0].Text, items[1].Text),
            items[5].Text?.ToLowerInvariant(), items[6].Number ?? 0, []);
    }

    static string Below(string section, int number) =>
        section.Length == 0 ? $"{number}" : $"{section}.{number}";

    static string Lower(string? type, string? subtype) =>
        $"{type ?? "text"}/{subtype ?? "plain"}".ToLowerInvariant();
}
