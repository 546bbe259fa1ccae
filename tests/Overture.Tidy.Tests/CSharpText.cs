using System.Text;

namespace Overture.Tidy.Tests;

/// <summary>
/// C# with its strings and comments taken out: enough to find declarations and braces without a compiler.
/// <see cref="Code"/> keeps every line break and column; <see cref="Strings"/> holds what the literals say.
/// </summary>
public sealed class CSharpText
{
    readonly string text;
    readonly StringBuilder code = new();
    readonly List<(int Position, string Content)> strings = [];
    int at;

    public CSharpText(string text)
    {
        this.text = text;
        while (at < text.Length) Step();
        Code = code.ToString();
    }

    public string Code { get; }

    public IReadOnlyList<(int Position, string Content)> Strings => strings;

    void Step()
    {
        if (Ahead("//")) Blank(End("\n"));
        else if (Ahead("/*")) Blank(End("*/") + 2);
        else if (text[at] == '\'') Blank(EndOfQuoted(at + 1, '\'', escapes: true) + 1);
        else if (StringStart() is { } quote) Literal(quote);
        else Keep();
    }

    void Literal(int quote)
    {
        var prefix = text[at..quote];
        var quotes = quote;
        while (quotes < text.Length && text[quotes] == '"') quotes++;
        var count = quotes - quote;
        int from, end, after;
        if (count >= 3)
        {
            from = quotes;
            end = text.IndexOf(new string('"', count), from, StringComparison.Ordinal);
            if (end < 0) end = text.Length;
            after = Math.Min(text.Length, end + count);
        }
        else
        {
            from = quote + 1;
            end = prefix.Contains('$', StringComparison.Ordinal)
                ? EndOfInterpolated(from, prefix.Contains('@', StringComparison.Ordinal))
                : EndOfQuoted(from, '"', !prefix.Contains('@', StringComparison.Ordinal));
            after = Math.Min(text.Length, end + 1);
        }

        strings.Add((at, text[from..Math.Max(from, end)]));
        Blank(after);
    }

    // The place of the first quote when a string begins here.
    int? StringStart()
    {
        var place = at;
        while (place < text.Length && text[place] is '$' or '@') place++;
        return place < text.Length && text[place] == '"' ? place : null;
    }

    int EndOfQuoted(int place, char quote, bool escapes)
    {
        for (; place < text.Length; place++)
        {
            if (escapes && text[place] == '\\') place++;
            else if (text[place] != quote) continue;
            else if (!escapes && place + 1 < text.Length && text[place + 1] == quote) place++;
            else break;
        }

        return Math.Min(place, text.Length);
    }

    // A hole may hold strings of its own, so its braces are counted and its strings skipped.
    int EndOfInterpolated(int place, bool verbatim)
    {
        for (var depth = 0; place < text.Length; place++)
        {
            var letter = text[place];
            if (depth == 0 && letter == '\\' && !verbatim) place++;
            else if (depth == 0 && letter == '{' && text[place + 1] == '{') place++;
            else if (letter == '{') depth++;
            else if (letter == '}') depth = Math.Max(0, depth - 1);
            else if (letter == '"' && depth == 0) break;
            else if (letter == '"') place = EndOfQuoted(place + 1, '"', escapes: true);
        }

        return Math.Min(place, text.Length);
    }

    bool Ahead(string what) => string.CompareOrdinal(text, at, what, 0, what.Length) == 0;

    int End(string what) =>
        text.IndexOf(what, at, StringComparison.Ordinal) is >= 0 and var found ? found : text.Length;

    void Keep() => code.Append(text[at++]);

    void Blank(int until)
    {
        for (until = Math.Min(until, text.Length); at < until; at++)
            code.Append(text[at] == '\n' ? '\n' : ' ');
    }
}
