using System.Globalization;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// One command as it is written: pieces of text, and strings that must be sent by length. A string can never
/// end a line or start a command, because everything outside printable ASCII leaves as a literal.
/// </summary>
sealed class ImapCommand
{
    readonly List<(string? Text, ReadOnlyMemory<byte> Literal, bool Binary)> pieces = [];
    readonly StringBuilder open = new();
    readonly StringBuilder logged = new();

    public ImapCommand(string words) => Add(words);

    /// <summary>What the wire log shows.</summary>
    public string Logged => logged.ToString();

    /// <summary>The pieces: text, or the bytes of a literal.</summary>
    public IEnumerable<(string? Text, ReadOnlyMemory<byte> Literal, bool Binary)> Pieces =>
        open.Length == 0 ? pieces : pieces.Append((open.ToString(), default, false));

    /// <summary>Adds words of the protocol, which hold no outside text.</summary>
    public ImapCommand Add(string words)
    {
        open.Append(words);
        logged.Append(words);
        return this;
    }

    /// <summary>Adds a space and a word that never reaches the log.</summary>
    public ImapCommand Secret(string word)
    {
        open.Append(' ').Append(word);
        logged.Append(" ***");
        return this;
    }

    /// <summary>Adds a space and a string from outside (astring).</summary>
    public ImapCommand String(string value, bool secret = false)
    {
        var quotable = value.Length < 1_000 && value.All(c => c is >= ' ' and <= '~');
        if (!quotable) return Literal(Encoding.UTF8.GetBytes(value), secret);
        var quoted = " \"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
        open.Append(quoted);
        logged.Append(secret ? " ***" : quoted);
        return this;
    }

    /// <summary>Adds a space and a literal (RFC 3501 section 4.3; ~ marks RFC 3516 literal8).</summary>
    public ImapCommand Literal(ReadOnlyMemory<byte> bytes, bool secret = false, bool binary = false)
    {
        open.Append(' ');
        pieces.Add((open.ToString(), default, false));
        open.Clear();
        pieces.Add((null, bytes, binary));
        logged.Append(secret ? " ***" : $" {{{bytes.Length} bytes}}");
        return this;
    }

    /// <summary>Writes numbers as a set, runs joined (RFC 3501 section 9, sequence-set).</summary>
    public static string Set(IReadOnlyList<uint> numbers)
    {
        var text = new StringBuilder();
        for (var i = 0; i < numbers.Count; i++)
        {
            var first = numbers[i];
            while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1) i++;
            if (text.Length > 0) text.Append(',');
            text.Append(first);
            if (numbers[i] != first) text.Append(':').Append(numbers[i]);
        }

        return text.ToString();
    }

    /// <summary>A date of SEARCH (RFC 3501 section 9, date).</summary>
    public static string Date(DateTimeOffset day) => day.ToString("d-MMM-yyyy", CultureInfo.InvariantCulture);

    /// <summary>A date and time of APPEND (RFC 3501 section 9, date-time).</summary>
    public static string DateTime(DateTimeOffset at) =>
        at.ToString("dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
        + at.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");
}
