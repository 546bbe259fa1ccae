using System.Text;

namespace Overture.Mail.Dns;

/// <summary>
/// One header field as it stands in the message, folding included, without its final line end.
/// </summary>
/// <param name="Name">The field name as written.</param>
/// <param name="Text">The whole field, one character per byte.</param>
readonly record struct RawField(string Name, string Text)
{
    /// <summary>What follows the colon, folding included.</summary>
    public string Value => Text[(Text.IndexOf(':') + 1)..];

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// A message cut into header fields and body, with every line end made CRLF (RFC 5322 section 2.1).
/// </summary>
sealed class RawMessage
{
    const int MostFields = 5_000;

    RawMessage(IReadOnlyList<RawField> fields, ReadOnlyMemory<byte> body) => (Fields, Body) = (fields, body);

    public IReadOnlyList<RawField> Fields { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public static RawMessage Parse(ReadOnlyMemory<byte> message)
    {
        var bytes = WithLineEnds(message);
        var fields = new List<RawField>();
        var (at, length) = (0, bytes.Length);
        StringBuilder? open = null;
        while (at < length)
        {
            var rest = bytes.Span[at..];
            var end = rest.IndexOf("\r\n"u8);
            var line = Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
            at += end < 0 ? rest.Length : end + 2;
            if (line.Length == 0) break;
            if (line[0] is ' ' or '\t' && open is not null) open.Append("\r\n").Append(line);
            else
            {
                Close(open, fields);
                open = new StringBuilder(line);
            }
        }

        Close(open, fields);
        return new RawMessage(fields, bytes[at..]);
    }

    static void Close(StringBuilder? open, List<RawField> fields)
    {
        if (open is null || fields.Count >= MostFields) return;
        var text = open.ToString();
        var colon = text.IndexOf(':');
        if (colon > 0) fields.Add(new RawField(text[..colon].TrimEnd(' ', '\t'), text));
    }

    static ReadOnlyMemory<byte> WithLineEnds(ReadOnlyMemory<byte> message)
    {
        var source = message.Span;
        var missing = 0;
        for (var i = 0; i < source.Length; i++)
            if (source[i] == '\n' && (i == 0 || source[i - 1] != '\r')) missing++;
        if (missing == 0) return message;
        var whole = new byte[source.Length + missing];
        var to = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\n' && (i == 0 || source[i - 1] != '\r')) whole[to++] = (byte)'\r';
            whole[to++] = source[i];
        }

        return whole;
    }
}
