using System.Text;

namespace Overture.Mail;

/// <summary>What a value of an IMAP response is (RFC 3501 section 4, RFC 9051 section 4).</summary>
public enum ImapKind
{
    /// <summary>A word, a number or a flag.</summary>
    Atom,

    /// <summary>A set of message numbers, such as 1:4,7.</summary>
    Sequence,

    /// <summary>A string in quotes.</summary>
    Quoted,

    /// <summary>A string sent by length.</summary>
    Literal,

    /// <summary>A list in parentheses.</summary>
    List,

    /// <summary>NIL.</summary>
    Nil,
}

/// <summary>One value of an IMAP response or command.</summary>
public sealed class ImapValue
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    ImapValue(ImapKind kind) => Kind = kind;

    /// <summary>What the value is.</summary>
    public ImapKind Kind { get; }

    /// <summary>
    /// The bytes of an atom or a string; empty for a list, for NIL and for a literal sent elsewhere.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The values of a list; empty otherwise.</summary>
    public IReadOnlyList<ImapValue> Items { get; private init; } = [];

    /// <summary>What stands in brackets after BODY or BINARY; null when there are no brackets.</summary>
    public IReadOnlyList<ImapValue>? Section { get; private init; }

    /// <summary>
    /// The origin, and in commands the length, in angle brackets after a section; null without.
    /// </summary>
    public IReadOnlyList<long>? Partial { get; private init; }

    /// <summary>
    /// The value as text, UTF-8 if it is that, else one character per byte; null for NIL and lists.
    /// </summary>
    public string? Text
    {
        get
        {
            if (Kind is ImapKind.Nil or ImapKind.List) return null;
            try
            {
                return Strict.GetString(Bytes.Span);
            }
            catch (DecoderFallbackException)
            {
                return Encoding.Latin1.GetString(Bytes.Span);
            }
        }
    }

    /// <summary>
    /// The value as a number; null when it is none. 63 bits (RFC 9051 section 9, number64).
    /// </summary>
    public long? Number => long.TryParse(Bytes.Span, out var number) && number >= 0 ? number : null;

    /// <summary>Whether the value is this word, in any case.</summary>
    /// <param name="word">An ASCII word.</param>
    public bool Is(string word) =>
        Kind == ImapKind.Atom && Ascii.EqualsIgnoreCase(Bytes.Span, word.AsSpan());

    internal static ImapValue Nil { get; } = new(ImapKind.Nil);

    internal static ImapValue Of(ImapKind kind, ReadOnlyMemory<byte> bytes) => new(kind) { Bytes = bytes };

    internal static ImapValue List(IReadOnlyList<ImapValue> items) => new(ImapKind.List) { Items = items };

    internal static ImapValue WithSection(
        ReadOnlyMemory<byte> name, IReadOnlyList<ImapValue> section, IReadOnlyList<long>? partial) =>
        new(ImapKind.Atom) { Bytes = name, Section = section, Partial = partial };
}

/// <summary>One response or command, taken apart (RFC 3501 section 9).</summary>
public sealed record ImapLine
{
    /// <summary>The tag: * for untagged data, + for a continuation.</summary>
    public required string Tag { get; init; }

    /// <summary>
    /// The word after the tag, in upper case, such as OK, FETCH or LIST; empty for a continuation.
    /// </summary>
    public required string Command { get; init; }

    /// <summary>The number before the word, as in <c>* 3 EXPUNGE</c>; null without.</summary>
    public long? Number { get; init; }

    /// <summary>The values that follow.</summary>
    public IReadOnlyList<ImapValue> Values { get; init; } = [];

    /// <summary>
    /// The response code in brackets of a state response (RFC 3501 section 7.1); null without.
    /// </summary>
    public IReadOnlyList<ImapValue>? Code { get; init; }

    /// <summary>The text for people of a state response or a continuation; null without.</summary>
    public string? Text { get; init; }

    /// <summary>How many NUL bytes stood before the response, which some servers send as padding.</summary>
    public int Padding { get; init; }

    /// <summary>Whether the line is untagged data.</summary>
    public bool IsUntagged => Tag == "*";

    /// <summary>The name of the response code in upper case; null without.</summary>
    public string? CodeName => Code is { Count: > 0 } ? Code[0].Text?.ToUpperInvariant() : null;

    /// <summary>The first number of a response code of this name; null without.</summary>
    /// <param name="name">The name in upper case.</param>
    public long? CodeNumber(string name) => CodeName == name && Code!.Count > 1 ? Code[1].Number : null;
}
