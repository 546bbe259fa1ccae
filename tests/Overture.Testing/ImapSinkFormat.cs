using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Testing;

/// <summary>How the sink writes the items of a FETCH.</summary>
static class ImapSinkFormat
{
    public static string Items(ImapSinkMessage message, string rest)
    {
        bool Asked(string item) => rest.Contains(item, StringComparison.Ordinal);
        var items = new StringBuilder($"UID {message.Uid} FLAGS ({string.Join(' ', message.Flags)})");
        if (Asked("RFC822.SIZE")) items.Append($" RFC822.SIZE {message.Bytes.Length}");
        if (Asked("INTERNALDATE")) items.Append($" INTERNALDATE \"{message.ReceivedAt}\"");
        if (Asked("MODSEQ")) items.Append($" MODSEQ ({message.ModSeq})");
        if (Asked("ENVELOPE")) items.Append($" ENVELOPE {Envelope(message)}");
        var text = Encoding.Latin1.GetString(message.Bytes);
        if (Asked("[HEADER]"))
        {
            var header = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
            items.Append($" BODY[HEADER]<0> {{{header.Length}}}\r\n{header}");
        }

        if (ImapSinkConnection.Find(rest, @"BODY\.PEEK\[\]<0\.(?<most>\d+)>") is { Success: true } part)
        {
            var most = int.Parse(part.Groups["most"].Value, CultureInfo.InvariantCulture);
            var cut = text[..Math.Min(text.Length, most)];
            items.Append($" BODY[]<0> {{{cut.Length}}}\r\n{cut}");
        }

        return items.ToString();
    }

    static string Envelope(ImapSinkMessage message)
    {
        string Quote(string? value) =>
            value is null ? "NIL" : $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
        var people = "((\"Bo\" NIL \"bo\" \"example.com\"))";
        return $"({Quote(message.Field("Date"))} {Quote(message.Field("Subject"))} "
            + $"{people} {people} {people} NIL NIL NIL "
            + $"{Quote(message.Field("In-Reply-To"))} {Quote(message.Field("Message-ID"))})";
    }
}
