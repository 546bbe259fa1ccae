using System.Buffers;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Sets words into lines: white space collapses, breaks are kept back until more text comes.
/// </summary>
sealed class TextLines
{
    const int MaxQuoteDepth = 20;

    static readonly SearchValues<char> White = SearchValues.Create(" \t\r\n\f\u00a0\u200b\ufeff");

    readonly StringBuilder text = new();
    int quoteDepth;
    int pendingQuoteDepth;
    int pendingBreaks;
    bool pendingSpace;
    bool afterMark;

    /// <summary>Whether white space and line ends are kept as they are.</summary>
    public bool Preformatted { get; set; }

    public int Length => text.Length;

    public string Since(int start) => start >= text.Length ? "" : text.ToString(start, text.Length - start);

    public void Append(ReadOnlySpan<char> words)
    {
        if (Preformatted)
        {
            AppendPreformatted(words);
            return;
        }

        while (!words.IsEmpty)
        {
            var start = words.IndexOfAnyExcept(White);
            if (start != 0) pendingSpace |= text.Length > 0;
            if (start < 0) return;
            words = words[start..];
            var end = words.IndexOfAny(White);
            var word = end < 0 ? words : words[..end];
            StartText(keepSpace: true);
            text.Append(word);
            words = words[word.Length..];
        }
    }

    /// <summary>Text whose spaces count, such as the mark of a list item.</summary>
    public void AppendMark(string words)
    {
        if (afterMark) pendingBreaks = 1;
        StartText(keepSpace: false);
        text.Append(words);
        afterMark = true;
    }

    /// <summary>Puts words behind the last word, before breaks that are still kept back.</summary>
    public void Attach(string words) => text.Append(words);

    /// <summary>Nothing more comes behind the mark.</summary>
    public void EndMark() => afterMark = false;

    /// <summary>Ends the line if it holds anything but the mark of a list item.</summary>
    public void Break()
    {
        if (afterMark) return;
        if (text.Length > 0) pendingBreaks = Math.Max(pendingBreaks, 1);
        pendingSpace = false;
    }

    /// <summary>Ends the line and leaves one empty line before the next text.</summary>
    public void Paragraph()
    {
        if (afterMark) return;
        if (text.Length > 0) pendingBreaks = Math.Max(pendingBreaks, 2);
        pendingSpace = false;
    }

    /// <summary>A line break that counts each time.</summary>
    public void NewLine()
    {
        if (text.Length > 0) pendingBreaks++;
        afterMark = false;
        pendingSpace = false;
    }

    public void Quote(int change)
    {
        pendingQuoteDepth = Math.Clamp(pendingQuoteDepth + change, 0, MaxQuoteDepth);
        if (text.Length == 0) quoteDepth = pendingQuoteDepth;
    }

    /// <summary>A table cell begins; it is set apart from the one before it in the same row.</summary>
    public void Cell()
    {
        if (text.Length == 0 || afterMark) return;
        text.Append(' ');
        pendingSpace = true;
    }

    public override string ToString() => text.ToString().TrimEnd();

    void AppendPreformatted(ReadOnlySpan<char> words)
    {
        var first = true;
        foreach (var range in words.Split('\n'))
        {
            if (!first) NewLine();
            first = false;
            var line = words[range].TrimEnd('\r');
            if (line.IsEmpty) continue;
            StartText(keepSpace: true);
            text.Append(line);
        }
    }

    void StartText(bool keepSpace)
    {
        if (pendingBreaks > 0)
        {
            WriteBreaks();
        }
        else if (text.Length == 0)
        {
            WriteQuoteMarks();
        }
        else if (pendingSpace && keepSpace && !afterMark)
        {
            text.Append(' ');
        }

        pendingSpace = false;
        afterMark = false;
    }

    /// <summary>Empty lines between two paragraphs of one quotation bear its marks.</summary>
    void WriteBreaks()
    {
        var shared = Math.Min(quoteDepth, pendingQuoteDepth);
        TrimLine();
        for (; pendingBreaks > 0; pendingBreaks--)
        {
            text.Append('\n');
            if (pendingBreaks > 1) text.Append('>', shared);
        }

        WriteQuoteMarks();
    }

    void WriteQuoteMarks()
    {
        quoteDepth = pendingQuoteDepth;
        if (quoteDepth > 0) text.Append('>', quoteDepth).Append(' ');
    }

    void TrimLine()
    {
        while (text.Length > 0 && text[^1] == ' ') text.Length--;
    }
}
