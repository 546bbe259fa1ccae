using System.Buffers;
using System.Globalization;
using System.Text;

namespace Overture.Mail;

/// <summary>A line that breaks the grammar of IMAP.</summary>
/// <param name="message">What is wrong, and where.</param>
public sealed class ImapSyntaxException(string message) : FormatException(message);

/// <summary>
/// Takes responses and commands apart (RFC 3501 and RFC 9051 section 9, RFC 3516 literal8, RFC 6855). Depth
/// and count are bounded, so no server can exhaust memory or stack with a line it was allowed to send.
/// </summary>
public sealed class ImapParser
{
    /// <summary>The most lists within lists.</summary>
    public const int DeepestList = 64;

    /// <summary>The most values in one line.</summary>
    public const int MostValues = 4_000_000;

    static readonly string[] StateWords = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    static readonly string[] SectionWords = ["BODY", "BODY.PEEK", "BINARY", "BINARY.PEEK", "BINARY.SIZE"];

    static readonly SearchValues<char> NeverInTags = SearchValues.Create("+(){%\"\\");
    static readonly SearchValues<char> NeverInCommands = SearchValues.Create("(){%\"\\*");
    static readonly SearchValues<byte> InSequences = SearchValues.Create("0123456789:,*"u8);

    readonly ReadOnlyMemory<byte> line;
    readonly IReadOnlyList<ReadOnlyMemory<byte>> literals;
    int at;
    int nextLiteral;
    int count;

    ImapParser(ReadOnlyMemory<byte> line, IReadOnlyList<ReadOnlyMemory<byte>> literals) =>
        (this.line, this.literals) = (line, literals);

    /// <summary>Takes one line apart.</summary>
    /// <param name="line">
    /// The line without its literals' bytes: each literal is only its mark, <c>{5}</c> and the line end.
    /// </param>
    /// <param name="literals">The bytes of the literals in order; missing ones are empty.</param>
    /// <exception cref="ImapSyntaxException">The line breaks the grammar or a limit.</exception>
    public static ImapLine Parse(
        ReadOnlyMemory<byte> line, IReadOnlyList<ReadOnlyMemory<byte>>? literals = null)
    {
        var padding = line.Span.IndexOfAnyExcept((byte)0);
        padding = padding < 0 ? line.Length : padding;
        var end = line.Length;
        while (end > padding && line.Span[end - 1] is (byte)'\r' or (byte)'\n'
            && !EndsInMark(line.Span[..end])) end--;
        return new ImapParser(line[padding..end], literals ?? []).ParseLine(padding);
    }

    static bool EndsInMark(ReadOnlySpan<byte> line) => line.EndsWith("}\r\n"u8);

    ImapLine ParseLine(int padding)
    {
        var tag = Word("tag");
        if (tag == "+") return new ImapLine { Tag = tag, Command = "", Text = Rest(), Padding = padding };
        if (tag.AsSpan().ContainsAny(NeverInTags)) throw Broken("the tag has characters that no tag has");
        Space("a command");
        var command = Word("command");
        if (command.AsSpan().ContainsAny(NeverInCommands)) throw Broken("the command is no word");
        long? number = null;
        if (tag == "*"
            && long.TryParse(command, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
        {
            number = parsed;
            Space("a word after the number");
            command = Word("word");
        }

        command = command.ToUpperInvariant();
        if (StateWords.Contains(command)) return State(tag, command, padding);
        return new ImapLine
        {
            Tag = tag, Command = command, Number = number, Values = Values(), Padding = padding,
        };
    }

    ImapLine State(string tag, string command, int padding)
    {
        IReadOnlyList<ImapValue>? code = null;
        if (!IsAtEnd)
        {
            Space("text");
            code = Code();
        }

        return new ImapLine { Tag = tag, Command = command, Code = code, Text = Rest(), Padding = padding };
    }

    // A bracket that opens the text is a code only when a space or the end follows it: "[Gmail]/Sent" is
    // text.
    IReadOnlyList<ImapValue>? Code()
    {
        if (IsAtEnd || Peek != '[') return null;
        var start = at++;
        var close = CodeEnd();
        if (close < 0 || (close + 1 < line.Length && line.Span[close + 1] != ' ' && !LooksLikeCode(close)))
        {
            at = start;
            return null;
        }

        var values = ValuesUntil((byte)']', 1);
        if (at < line.Length && Peek == ' ') at++;
        return values;
    }

    int CodeEnd()
    {
        var quoted = false;
        for (var i = at; i < line.Length; i++)
        {
            var character = line.Span[i];
            if (character == '\\' && quoted) i++;
            else if (character == '"') quoted = !quoted;
            else if (character == ']' && !quoted) return i;
        }

        return -1;
    }

    bool LooksLikeCode(int close)
    {
        var name = line.Span[at..close];
        var space = name.IndexOf((byte)' ');
        name = space < 0 ? name : name[..space];
        return name.Length > 0 && name.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0 && name.Length >= 5;
    }

    string? Rest()
    {
        if (at < line.Length && Peek == ' ') at++;
        var rest = line.Span[at..].TrimEnd("\r\n"u8);
        at = line.Length;
        if (rest.Length == 0) return null;
        return ImapValue.Of(ImapKind.Quoted, rest.ToArray()).Text;
    }

    List<ImapValue> Values()
    {
        var values = new List<ImapValue>();
        var first = true;
        while (!IsAtEnd)
        {
            // Lists follow each other without a space in some responses; elsewhere exactly one stands
            // between.
            if (Peek == ' ') at++;
            else if (first || !(Peek == '(' || line.Span[at - 1] == ')' || line.Span[at - 1] == '\n'))
                throw Broken("a space is missing");
            if (IsAtEnd) break;
            if (Peek == ' ' && first) throw Broken("there is a space too many");
            SkipSpaces();
            if (IsAtEnd) break;
            values.Add(Value(0));
            first = false;
        }

        return values;
    }

    List<ImapValue> ValuesUntil(byte close, int depth)
    {
        if (depth > DeepestList) throw Broken("lists are nested too deep");
        var values = new List<ImapValue>();
        while (true)
        {
            SkipSpaces();
            if (IsAtEnd) throw Broken("a list is not closed");
            if (line.Span[at] == close)
            {
                at++;
                return values;
            }

            values.Add(Value(depth, close));
        }
    }

    ImapValue Value(int depth, byte close = 0)
    {
        if (++count > MostValues) throw Broken("there are too many values");
        switch (Peek)
        {
            case '(':
                at++;
                return ImapValue.List(ValuesUntil((byte)')', depth + 1));
            case '"':
                return Quoted();
            case '{':
                return Literal();
            case '~' when at + 1 < line.Length && line.Span[at + 1] == '{':
                at++;
                return Literal();
            default:
                return Atom(depth, close);
        }
    }

    ImapValue Quoted()
    {
        var start = ++at;
        List<byte>? escaped = null;
        for (; at < line.Length; at++)
        {
            var character = line.Span[at];
            if (character == '"')
            {
                var plain = line[start..at];
                at++;
                return ImapValue.Of(ImapKind.Quoted, escaped is null ? plain : escaped.ToArray());
            }

            if (character is (byte)'\r' or (byte)'\n') break;
            // Domino and others send a lone backslash, so only a quote and a backslash are taken for escaped.
            if (character == '\\' && at + 1 < line.Length && line.Span[at + 1] is (byte)'"' or (byte)'\\')
            {
                escaped ??= [.. line.Span[start..at]];
                character = line.Span[++at];
            }

            escaped?.Add(character);
        }

        throw Broken("a string is not closed");
    }

    ImapValue Literal()
    {
        var close = line.Span[at..].IndexOf((byte)'}');
        var digits = close > 0 ? line.Span[(at + 1)..(at + close)].TrimEnd((byte)'+') : [];
        if (digits.Length is 0 or > 18 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            throw Broken("a literal has no length");
        at += close + 1;
        if (at < line.Length && line.Span[at] == '\r') at++;
        if (at >= line.Length || line.Span[at] != '\n') throw Broken("a literal's mark must end its line");
        at++;
        var bytes = nextLiteral < literals.Count ? literals[nextLiteral] : default;
        nextLiteral++;
        return ImapValue.Of(ImapKind.Literal, bytes);
    }

    ImapValue Atom(int depth, byte close)
    {
        var start = at;
        while (!IsAtEnd)
        {
            var character = line.Span[at];
            if (character is (byte)' ' or (byte)'(' or (byte)')' || character == close) break;
            if (character < ' ' || character == 127) throw Broken("a control character stands in a word");
            if (character == '"') throw Broken("a quote stands in a word");
            if (character == '{' && line.Span[at..].IndexOf("}\r\n"u8) > 0)
                throw Broken("a literal stands in a word");
            if (character == '[' && SectionWords.Any(IsWord))
                return Section(line[start..at], depth);
            at++;
        }

        var word = line[start..at];
        if (word.Length == 0) throw Broken("a value is missing");
        if (word.Length == 3 && Ascii.EqualsIgnoreCase(word.Span, "NIL"u8)) return ImapValue.Nil;
        return ImapValue.Of(IsSequence(word.Span) ? ImapKind.Sequence : ImapKind.Atom, word);

        bool IsWord(string name) => Ascii.EqualsIgnoreCase(line.Span[start..at], name.AsSpan());
    }

    ImapValue Section(ReadOnlyMemory<byte> name, int depth)
    {
        at++;
        var section = ValuesUntil((byte)']', depth + 1);
        if (IsAtEnd || Peek != '<') return ImapValue.WithSection(name, section, null);
        var close = line.Span[at..].IndexOf((byte)'>');
        if (close < 0) throw Broken("a range is not closed");
        var parts = Encoding.ASCII.GetString(line.Span[(at + 1)..(at + close)]).Split('.');
        at += close + 1;
        var numbers = new List<long>();
        foreach (var part in parts)
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw Broken("a range is not made of numbers");
            numbers.Add(number);
        }

        return numbers.Count <= 2
            ? ImapValue.WithSection(name, section, numbers)
            : throw Broken("a range has too many numbers");
    }

    // A word of digits, colons, commas and stars is a set; when it holds no valid one the line is broken.
    bool IsSequence(ReadOnlySpan<byte> word)
    {
        if (word.ContainsAnyExcept(InSequences)) return false;
        if (!word.ContainsAny(":,*"u8)) return false;
        foreach (var part in Encoding.ASCII.GetString(word).Split(','))
        {
            var ends = part.Split(':');
            if (ends.Length > 2
                || !ends.All(end => end == "*" || (end.Length > 0 && end.All(char.IsAsciiDigit))))
                throw Broken("a set of numbers is malformed");
            if (ends is ["*"] && word.Length > 1) throw Broken("a star stands where a range should");
        }

        return true;
    }

    string Word(string what)
    {
        var start = at;
        while (!IsAtEnd && Peek != ' ')
        {
            if (line.Span[at] < ' ' || line.Span[at] > 126)
                throw Broken($"the {what} has a character none may have");
            at++;
        }

        return at > start
            ? Encoding.ASCII.GetString(line.Span[start..at])
            : throw Broken($"the {what} is missing");
    }

    void Space(string before)
    {
        if (IsAtEnd || Peek != ' ') throw Broken($"{before} is missing");
        at++;
    }

    void SkipSpaces()
    {
        while (!IsAtEnd && Peek == ' ') at++;
    }

    bool IsAtEnd => at >= line.Length;

    char Peek => (char)line.Span[at];

    ImapSyntaxException Broken(string what) => new($"At byte {at}: {what}.");
}
