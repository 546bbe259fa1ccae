namespace Overture.Mail;

/// <summary>
/// One pass over the lines of a message (RFC 2046 section 5.1). The boundaries of all open multiparts are
/// kept
/// on a stack, and a line is compared with the innermost first, so that a part left open ends with its
/// parent.
/// </summary>
sealed class EntityReader(ReadOnlyMemory<byte> source, MimeLimits limits, ReadingBudget budget)
{
    const int MaxBoundaryBytes = 1_000;
    const int MaxGuesses = 20;

    readonly List<byte[]> open = [];
    Func<int, bool>? endsHeaders;
    int position;
    int contentEnd;

    /// <summary>
    /// Where a part ended: the level of the boundary that was met, -1 at the end of the source.
    /// </summary>
    readonly record struct Delimiter(int Level, bool Closing)
    {
        public static readonly Delimiter End = new(-1, Closing: true);
    }

    public MimePart ReadMessage(int depth) => ReadEntity(depth, "text/plain", isMessage: true, out _);

    MimePart ReadEntity(int depth, string defaultType, bool isMessage, out Delimiter end)
    {
        endsHeaders ??= at => BoundaryAt(at) is not null;
        if (isMessage) position = HeaderReader.SkipToFirstField(source.Span, position);
        var fields = HeaderReader.Read(source, ref position, limits, endsHeaders, out var cutOff);
        var part = new MimePart(fields, defaultType, limits) { IsCutOff = cutOff };
        var bodyStart = position;
        if (part.IsMultipart && depth < limits.Depth)
        {
            end = ReadChildren(part, depth);
        }
        else if (part.IsMessage && !part.IsEncoded && depth < limits.Depth && budget.TakePart())
        {
            part.EnclosedRoot = ReadEntity(depth + 1, "text/plain", isMessage: true, out end);
            if (part.EnclosedRoot.Headers.Count == 0) part.EnclosedRoot = null;
        }
        else
        {
            end = SkipToDelimiter();
        }

        part.Body = source[bodyStart..Math.Max(bodyStart, contentEnd)];
        if (part.IsMessage && part.IsEncoded && depth < limits.Depth && budget.TakePart())
            ReadDecoded(part, depth);
        return part;
    }

    /// <summary>
    /// Reads the parts between the delimiters. Where the declared boundary never comes, the lines themselves
    /// tell
    /// which one was meant; a multipart without any delimiter is shown as the text that it holds.
    /// </summary>
    Delimiter ReadChildren(MimePart part, int depth)
    {
        var bodyStart = position;
        if (part.Boundary is { Length: > 0 and <= MaxBoundaryBytes } declared)
        {
            if (TryReadChildren(part, depth, Charsets.HeaderBytes(declared), out var end)) return end;
            position = bodyStart;
        }

        var guessed = GuessBoundary();
        if (!guessed.IsEmpty && TryReadChildren(part, depth, guessed, out var guessedEnd)) return guessedEnd;
        position = bodyStart;
        var last = SkipToDelimiter();
        var body = source[bodyStart..contentEnd];
        if (!body.Span.Trim(" \t\r\n"u8).IsEmpty)
            part.Add(new MimePart([], "text/plain", limits) { Body = body });
        return last;
    }

    bool TryReadChildren(MimePart part, int depth, ReadOnlySpan<byte> boundary, out Delimiter end)
    {
        var level = open.Count;
        open.Add([(byte)'-', (byte)'-', .. boundary]);
        end = SkipToDelimiter();
        var found = end.Level == level;
        var childDefault = part.MediaType == "multipart/digest" ? "message/rfc822" : "text/plain";
        while (end.Level == level && !end.Closing && !AtEnd() && budget.TakePart())
        {
            var child = ReadEntity(depth + 1, childDefault, isMessage: false, out end);
            if (!child.IsCutOff || child.FileName is not null) part.Add(child);
        }

        while (end.Level == level && !end.Closing) end = SkipToDelimiter();
        open.RemoveRange(level, open.Count - level);
        if (end.Level == level) end = SkipToDelimiter();
        return found;
    }

    /// <summary>A delimiter with nothing behind it was meant to close.</summary>
    bool AtEnd() => source.Span[position..].IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>The first line of two dashes and a word that comes a second time.</summary>
    ReadOnlySpan<byte> GuessBoundary()
    {
        var bytes = source.Span;
        var tries = 0;
        for (var line = position; line >= 0 && line < bytes.Length; line = NextDashes(bytes, line))
        {
            if (!bytes[line..].StartsWith("--"u8)) continue;
            if (++tries > MaxGuesses) break;
            var rest = bytes[line..];
            var lineEnd = rest.IndexOf((byte)'\n');
            if (lineEnd < 0) break;
            var word = rest[..lineEnd].TrimEnd(" \t\r"u8);
            if (word.Length is < 6 or > MaxBoundaryBytes || word.Contains((byte)' ')) continue;
            if (word.IndexOfAnyExcept((byte)'-') >= 0 && rest[lineEnd..].IndexOf(word) >= 0) return word[2..];
        }

        return default;
    }

    void ReadDecoded(MimePart part, int depth)
    {
        var root = new EntityReader(part.Content, limits, budget).ReadMessage(depth + 1);
        if (root.Headers.Count > 0) part.EnclosedRoot = root;
    }

    /// <summary>
    /// Moves behind the next delimiter line; what lies before it ends at <see cref="contentEnd"/>.
    /// </summary>
    Delimiter SkipToDelimiter()
    {
        var bytes = source.Span;
        var start = position;
        if (open.Count > 0)
        {
            for (var line = start; line >= 0 && line < bytes.Length; line = NextDashes(bytes, line))
            {
                if (BoundaryAt(line) is not { } met) continue;
                contentEnd = Math.Max(start, BeforeLineBreak(bytes, line));
                position = met.NextLine;
                return new Delimiter(met.Level, met.Closing);
            }
        }

        position = contentEnd = bytes.Length;
        return Delimiter.End;
    }

    static int NextDashes(ReadOnlySpan<byte> bytes, int from)
    {
        var found = bytes[from..].IndexOf("\n--"u8);
        return found < 0 ? -1 : from + found + 1;
    }

    static int BeforeLineBreak(ReadOnlySpan<byte> bytes, int lineStart)
    {
        if (lineStart > 0 && bytes[lineStart - 1] == '\n') lineStart--;
        if (lineStart > 0 && bytes[lineStart - 1] == '\r') lineStart--;
        return lineStart;
    }

    BoundaryLine? BoundaryAt(int lineStart)
    {
        if (open.Count == 0) return null;
        var rest = source.Span[lineStart..];
        if (!rest.StartsWith("--"u8)) return null;
        var lineEnd = rest.IndexOf((byte)'\n');
        var line = (lineEnd < 0 ? rest : rest[..lineEnd]).TrimEnd(" \t\r"u8);
        if (line.Length > MaxBoundaryBytes + 4) return null;
        for (var level = open.Count - 1; level >= 0; level--)
        {
            if (!line.StartsWith(open[level])) continue;
            var tail = line[open[level].Length..];
            if (!tail.IsEmpty && !tail.SequenceEqual("--"u8)) continue;
            var next = lineEnd < 0 ? source.Length : lineStart + lineEnd + 1;
            return new BoundaryLine(level, !tail.IsEmpty, next);
        }

        return null;
    }
}

/// <summary>A delimiter line: whose it is, whether it closes, where the next line begins.</summary>
readonly record struct BoundaryLine(int Level, bool Closing, int NextLine);
