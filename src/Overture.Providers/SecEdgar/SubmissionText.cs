using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// Takes the XML document out of a full submission (<c>.txt</c> with its header, also inside a
/// privacy-enhanced message, or <c>.nc</c> with bare tags). A bare document passes through.
/// </summary>
static partial class SubmissionText
{
    const int HeaderSearchBytes = 64 * 1024;
    const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    public static (ReadOnlyMemory<byte> Document, SubmissionHeader? Header) Unwrap(byte[] body)
    {
        var start = body.AsSpan().IndexOf("<XML>"u8);
        if (start < 0) return (Trimmed(body), null);
        var document = body.AsMemory(start + "<XML>"u8.Length);
        var end = document.Span.IndexOf("</XML>"u8);
        if (end < 0) throw new MalformedAnswerException("the submission is cut off: </XML> is missing");
        var header = Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(start, HeaderSearchBytes)));
        return (Trimmed(document[..end]), Header(header));
    }

    // Blank lines before the XML declaration are common and not allowed by XML.
    static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> document)
    {
        var bytes = document.Span;
        if (bytes.IndexOfAnyExcept(" \t\r\n\0"u8) is var blanks and >= 0) document = document[blanks..];
        return document.Span.IsEmpty || bytes.IndexOfAnyExcept(" \t\r\n\0"u8) < 0
            ? throw new MalformedAnswerException("the document is empty")
            : document;
    }

    static SubmissionHeader Header(string text) => new(
        Value(AccessionField(), text), Value(FormField(), text), Day(Value(FiledField(), text)),
        FormDParts.Cik(Value(CikField(), text)?.TrimStart('0')), Value(NameField(), text),
        Value(FileNumberField(), text),
        [.. FormerNameField().Matches(text).Select(match => match.Groups["value"].Value.Trim())]);

    static string? Value(Regex field, string text) =>
        field.Match(text) is { Success: true } match ? match.Groups["value"].Value.Trim() : null;

    static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(
            text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    [GeneratedRegex(@"(ACCESSION NUMBER:|<ACCESSION-NUMBER>)\s*(?<value>\S+)", Options)]
    private static partial Regex AccessionField();

    [GeneratedRegex(@"(CONFORMED SUBMISSION TYPE:|<TYPE>)\s*(?<value>[^\r\n]+)", Options)]
    private static partial Regex FormField();

    [GeneratedRegex(@"(FILED AS OF DATE:|<FILING-DATE>)\s*(?<value>\d{8})", Options)]
    private static partial Regex FiledField();

    [GeneratedRegex(@"(CENTRAL INDEX KEY:|<CIK>)\s*(?<value>\d+)", Options)]
    private static partial Regex CikField();

    [GeneratedRegex(@"(COMPANY CONFORMED NAME:|<CONFORMED-NAME>)\s*(?<value>[^\r\n]+)", Options)]
    private static partial Regex NameField();

    [GeneratedRegex(@"(SEC FILE NUMBER:|<FILE-NUMBER>)\s*(?<value>\S+)", Options)]
    private static partial Regex FileNumberField();

    [GeneratedRegex(@"(FORMER CONFORMED NAME:|<FORMER-CONFORMED-NAME>)\s*(?<value>[^\r\n]+)", Options)]
    private static partial Regex FormerNameField();
}
