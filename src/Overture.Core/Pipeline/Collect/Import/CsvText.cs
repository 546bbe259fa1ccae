using System.Text;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>The text of an uploaded file, and in which encoding it was.</summary>
public sealed record CsvText(string Text, string Encoding)
{
    static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    static CsvText() => System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>
    /// A byte order mark decides; otherwise UTF-8 where every byte agrees, and Windows-1252 (a superset of
    /// Latin-1's letters) where one does not.
    /// </summary>
    public static CsvText Decode(byte[] content)
    {
        if (content.Length == 0)
            throw new RuleBroken(
                "empty_file", "The file is empty. Choose one with a header and rows.", "file");
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return new(System.Text.Encoding.UTF8.GetString(content.AsSpan(3)), "UTF-8 with byte order mark");
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return new(System.Text.Encoding.Unicode.GetString(content.AsSpan(2)), "UTF-16");
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new(
                System.Text.Encoding.BigEndianUnicode.GetString(content.AsSpan(2)), "UTF-16 big endian");
        if (content.AsSpan(0, Math.Min(content.Length, 4096)).Contains((byte)0))
            throw new RuleBroken(
                "not_text",
                "The file is not a text file. Save the sheet as CSV (comma separated) and choose that file.",
                "file");
        try
        {
            return new(StrictUtf8.GetString(content), "UTF-8");
        }
        catch (DecoderFallbackException)
        {
            return new(System.Text.Encoding.GetEncoding(1252).GetString(content), "Windows-1252");
        }
    }
}
