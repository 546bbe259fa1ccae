using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Reads a delimited file row by row from a stream of bytes, in the memory of its longest row. A quote that
/// is never closed loses only its own row, and a cell that is not UTF-8 is read as Windows-1252.
/// </summary>
sealed class CsvRows(Stream source, char delimiter)
{
    const int FirstBufferBytes = 256 * 1024;

    /// <summary>No row of a real list is longer; a quote that stays open this long is no quote.</summary>
    const int MaxRowBytes = 4 * 1024 * 1024;

    const int MaxCells = 2_000;
    static readonly Encoding Western = WesternEncoding();

    readonly byte separator = (byte)delimiter;
    readonly SearchValues<byte> ends = SearchValues.Create([(byte)delimiter, (byte)'\n', (byte)'\r']);
    readonly List<Cell> cells = [];
    byte[] buffer = new byte[FirstBufferBytes];
    int start;
    int next;
    int filled;
    bool isEnded;
    bool isBegun;
    long linesBefore;
    int linesInRow;

    /// <summary>The line on which the row begins, counted from 1 as an editor counts.</summary>
    public long Line => linesBefore + 1;

    public int Count => cells.Count;

    /// <summary>The row as it stands in the file, with its line end.</summary>
    public ReadOnlySpan<byte> Raw => buffer.AsSpan(start, next - start);

    /// <summary>Whether the file begins with a byte order mark.</summary>
    public bool HasMark { get; private set; }

    public bool IsBlank
    {
        get
        {
            for (var at = 0; at < cells.Count; at++)
                if (!Trimmed(at).IsEmpty) return false;
            return true;
        }
    }

    /// <summary>Goes to the next row; false at the end of the file.</summary>
    public async ValueTask<bool> Read(CancellationToken cancel)
    {
        if (!isBegun) await Begin(cancel);
        linesBefore += linesInRow;
        start = next;
        while (true)
        {
            if (start == filled && isEnded) return false;
            if (start < filled && TryRead(readsQuotes: true)) return true;
            if (!isEnded && filled - start < MaxRowBytes)
            {
                await Fill(cancel);
                continue;
            }

            // A quote was opened and never closed: it was a plain letter.
            if (TryRead(readsQuotes: false)) return true;
            throw new RuleBroken(
                "row_too_long", $"Line {Line:N0} is longer than {MaxRowBytes / 1024 / 1024} MiB; this is no "
                + "list of rows.", "file");
        }
    }

    /// <summary>The text of a cell without surrounding blanks; empty beyond the row's end.</summary>
    public string Text(int at)
    {
        if (at >= cells.Count) return "";
        var bytes = Trimmed(at);
        if (bytes.IsEmpty) return "";
        var text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Western.GetString(bytes);
        if (cells[at].HasDoubledQuotes) text = text.Replace("\"\"", "\"", StringComparison.Ordinal);
        return char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) ? text.Trim() : text;
    }

    static Encoding WesternEncoding()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1252);
    }

    ReadOnlySpan<byte> Trimmed(int at) =>
        buffer.AsSpan(start + cells[at].Start, cells[at].Length).Trim(" \t"u8);

    async ValueTask Begin(CancellationToken cancel)
    {
        isBegun = true;
        while (!isEnded && filled < 3) await Fill(cancel);
        if (!buffer.AsSpan(0, filled).StartsWith(Encoding.UTF8.Preamble)) return;
        HasMark = true;
        next = 3;
    }

    async ValueTask Fill(CancellationToken cancel)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            next -= start;
            start = 0;
        }

        if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await source.ReadAsync(buffer.AsMemory(filled), cancel);
        filled += read;
        isEnded = read == 0;
    }

    // False when the buffer ends before the row does.
    bool TryRead(bool readsQuotes)
    {
        cells.Clear();
        linesInRow = 0;
        var data = buffer.AsSpan(start, filled - start);
        var at = 0;
        while (true)
        {
            var cell = readsQuotes && OpensQuote(data, at, out var first)
                ? Quoted(data, first, ref at) : Plain(data, ref at);
            if (cell is not { } found) return false;
            if (cells.Count < MaxCells) cells.Add(found);
            if (at >= data.Length)
            {
                if (!isEnded) return false;
                next = filled;
                return true;
            }

            if (data[at] == separator)
            {
                at++;
                continue;
            }

            var isPair = data[at] == (byte)'\r' && at + 1 < data.Length && data[at + 1] == (byte)'\n';
            if (data[at] == (byte)'\r' && at + 1 == data.Length && !isEnded) return false;
            next = start + at + (isPair ? 2 : 1);
            linesInRow++;
            return true;
        }
    }

    bool OpensQuote(ReadOnlySpan<byte> data, int at, out int first)
    {
        first = at;
        while (first < data.Length && data[first] == (byte)' ') first++;
        return first < data.Length && data[first] == (byte)'"' && separator != (byte)'"';
    }

    Cell? Plain(ReadOnlySpan<byte> data, ref int at)
    {
        var from = at;
        var length = data[at..].IndexOfAny(ends);
        if (length < 0 && !isEnded) return null;
        at = length < 0 ? data.Length : at + length;
        return new Cell(from, at - from, false);
    }

    Cell? Quoted(ReadOnlySpan<byte> data, int first, ref int at)
    {
        var from = first + 1;
        var look = from;
        var isDoubled = false;
        while (true)
        {
            var quote = data[look..].IndexOf((byte)'"');
            if (quote < 0) return null;
            look += quote;
            if (look + 1 == data.Length && !isEnded) return null;
            if (look + 1 < data.Length && data[look + 1] == (byte)'"')
            {
                isDoubled = true;
                look += 2;
                continue;
            }

            break;
        }

        linesInRow += LinesIn(data[from..look]);
        var rest = data[(look + 1)..].IndexOfAny(ends);
        if (rest < 0 && !isEnded) return null;
        at = rest < 0 ? data.Length : look + 1 + rest;
        return new Cell(from, look - from, isDoubled);
    }

    static int LinesIn(ReadOnlySpan<byte> quoted)
    {
        var feeds = quoted.Count((byte)'\n');
        return feeds > 0 ? feeds : quoted.Count((byte)'\r');
    }

    readonly record struct Cell(int Start, int Length, bool HasDoubledQuotes);
}
