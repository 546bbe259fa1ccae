using System.Buffers;
using System.Text;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes lines of CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front of it,
/// which our own import takes away again.
/// </summary>
public static class CsvLine
{
    static readonly SearchValues<char> Special = SearchValues.Create("\",;\t\r\n");

    public static string Of(params ReadOnlySpan<string?> cells)
    {
        var line = new StringBuilder();
        for (var at = 0; at < cells.Length; at++)
        {
            if (at > 0) line.Append(',');
            Append(line, Harmless(cells[at] ?? ""));
        }

        return line.Append("\r\n").ToString();
    }

    /// <summary>
    /// The text with an apostrophe before it when it begins like a formula, or like a text that was made
    /// harmless in this way (OWASP, CSV injection).
    /// </summary>
    public static string Harmless(string text) => LooksLikeFormula(text) ? "'" + text : text;

    /// <summary>Takes back what <see cref="Harmless"/> did.</summary>
    public static string Restored(string text) =>
        text.Length > 1 && text[0] == '\'' && LooksLikeFormula(text[1..]) ? text[1..] : text;

    static bool LooksLikeFormula(string text)
    {
        var first = text.AsSpan().TrimStart('\'');
        return first.Length > 0 && first[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n'
            or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' or '|' or '%';
    }

    static void Append(StringBuilder line, string cell)
    {
        if (!cell.AsSpan().ContainsAny(Special) && cell.Trim().Length == cell.Length)
        {
            line.Append(cell);
            return;
        }

        line.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
