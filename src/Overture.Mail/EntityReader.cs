namespace Overture.Mail;

/// <summary>
/// One pass over the lines of a message (RFC 2046 section 5.1). The boundaries of all open multiparts are kept
/// on a stack, and a line is compared with the innermost first, so that a part left open ends with its parent.
/// </summary>
sealed class EntityReader(ReadOnlyMemory<byte> source, MimeLimits limits, ReadingBudget budget)
{
    const int MaxBoundaryBytes = 1_000;

    readonly List<byte[]> open = [];
    Func<int, bool>? endsHeaders;
    int position;
    int contentEnd;

    /// <summary>Where a part ended: the level of the boundary that was met, -1 at the end of the source.</summary>
    readonly record struct Delimiter(int Level, bool Closing)
    {
        public static readonly Delimiter End = new(-1, Closing: true);
    }

    public MimePart ReadMessage(int depth) => ReadEntity(depth, "text/plain", out _);

    MimePart ReadEntity(int depth, string defaultType, out Delimiter end)
    {
        var fields = HeaderReader.Read(source, ref position, limits, endsHeaders ??= at => BoundaryAt(at) is not null);
        var part = new MimePart(fields, defaultType, limits);
        var bodyStart = position;
        if (part.IsMultipart && depth < limits.Depth)
        {
            end = ReadChildren(part, depth);
        }
        else if (part.IsMessage && !part.IsEncoded && depth < limits.Depth && budget.TakePart())
        {
            part.EnclosedRoot = ReadEntity(depth + 1, "text/plain", out end);
            if (part.EnclosedRoot.Headers.Count == 0) part.EnclosedRoot = null;
        }
        else
        {
            end = SkipToDelimiter();
        }

        part.Body = source[bodyStart..Math.Max(bodyStart, contentEnd)];
        if (part.IsMessage && part.IsEncoded && depth < limits.Depth && budget.TakePart()) ReadDecoded(part, depth);
        return part;
    }

    Delimiter ReadChildren(MimePart part, int depth)
    {
        var bodyStart = position;
        var boundary = part.Boundary ?? GuessBoundary();
        if (boundary is null or { Length: 0 or > MaxBoundaryBytes }) return ReadUndivided(part);

        var level = open.Count;
        open.Add([(byte)'-', (byte)'-', .. Charsets.HeaderBytes(boundary)]);
        var end = SkipToDelimiter();
        var childDefault = part.MediaType == "multipart/digest" ? "message/rfc822" : "text/plain";
        while (end.Level == level && !end.Closing && budget.TakePart())
            part.Add(ReadEntity(depth + 1, childDefault, out end));
        if (end.Level == level && !end.Closing)
            while (end.Level == level && !end.Closing) end = SkipToDelimiter();
        open.RemoveRange(level, open.Count - level);
        if (end.Level == level) end = SkipToDelimiter();
        if (part.Children.Count == 0) AddWhole(part, bodyStart);
        return end;
    }

    Delimiter ReadUndivided(MimePart part)
    {
        var start = position;
        var end = SkipToDelimiter();
        AddWhole(part, start);
        return end;
    }

    /// <summary>A multipart without any delimiter is shown as the text that it holds.</summary>
    void AddWhole(MimePart part, int start)
    {
        var body = source[start..Math.Max(start, contentEnd)];
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty) return;
        part.Add(new MimePart([], "text/plain", limits) { Body = body });
    }

    /// <summary>A multipart without a boundary parameter: the first line that looks like a delimiter.</summary>
    string? GuessBoundary()
    {
        var rest = source.Span[position..];
        while (!rest.IsEmpty)
        {
            var lineEnd = rest.IndexOf((byte)'\n');
            var line = (lineEnd < 0 ? rest : rest[..lineEnd]).TrimEnd(" \t\r"u8);
            if (line.Length > 4 && line.StartsWith("--"u8) && !line.Contains((byte)' '))
                return Charsets.DecodeUndeclared(line[2..]);
            if (!line.IsEmpty && !line.StartsWith("--"u8) || lineEnd < 0) return null;
            rest = rest[(lineEnd + 1)..];
        }

        return null;
    }

    void ReadDecoded(MimePart part, int depth)
    {
        var root = new EntityReader(part.Content, limits, budget).ReadMessage(depth + 1);
        if (root.Headers.Count > 0) part.EnclosedRoot = root;
    }

    /// <summary>Moves behind the next delimiter line; what lies before it ends at <see cref="contentEnd"/>.</summary>
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
