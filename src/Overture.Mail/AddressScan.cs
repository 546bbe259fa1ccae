using System.Text;

namespace Overture.Mail;

/// <summary>
/// One pass over an address list. Each mailbox gathers its words until a separator ends it.
/// </summary>
sealed class AddressScan(string value)
{
    const int MaxAddresses = 5_000;
    const int MaxCommentDepth = 20;

    enum Kind { Word, Quoted, Comment, Angle }

    /// <summary>
    /// A piece of a mailbox; <paramref name="Spaced"/> tells whether white space stood before it.
    /// </summary>
    readonly record struct Piece(Kind Kind, string Text, bool Spaced);

    readonly List<MailboxAddress> found = [];
    readonly List<Piece> pieces = [];
    string? surname;
    int index;
    bool spaced;

    public IReadOnlyList<MailboxAddress> All()
    {
        while (index < value.Length && found.Count < MaxAddresses)
        {
            var sign = value[index];
            switch (sign)
            {
                case ' ' or '\t' or '\r' or '\n':
                    spaced = true;
                    index++;
                    break;
                case ',' or ';':
                    EndMailbox(mayGoOn: sign == ',');
                    index++;
                    break;
                case ':' when StartsGroup():
                    pieces.Clear();
                    index++;
                    break;
                case '"':
                    Take(Kind.Quoted, Quoted());
                    break;
                case '(':
                    Take(Kind.Comment, Comment());
                    break;
                case '<':
                    Take(Kind.Angle, Angle());
                    break;
                default:
                    Take(Kind.Word, Word());
                    break;
            }
        }

        EndMailbox(mayGoOn: false);
        return found;
    }

    void Take(Kind kind, string text)
    {
        pieces.Add(new Piece(kind, text, spaced));
        spaced = false;
    }

    /// <summary>A colon after a phrase without an address opens a group.</summary>
    bool StartsGroup() => pieces.Count > 0
        && !pieces.Exists(piece => piece.Kind == Kind.Angle
            || (piece.Kind == Kind.Word && piece.Text.Contains('@')));

    string Quoted()
    {
        var text = new StringBuilder();
        var close = false;
        for (index++; index < value.Length && !close; index++)
        {
            if (value[index] == '"') close = true;
            else if (value[index] == '\\' && index + 1 < value.Length) text.Append(value[++index]);
            else text.Append(value[index]);
        }

        return text.ToString();
    }

    string Comment()
    {
        var text = new StringBuilder();
        var depth = 1;
        for (index++; index < value.Length; index++)
        {
            if (value[index] == '\\' && index + 1 < value.Length) index++;
            else if (value[index] == '(' && depth < MaxCommentDepth) depth++;
            else if (value[index] == ')' && --depth == 0) break;
            text.Append(value[index]);
        }

        index++;
        return text.ToString();
    }

    /// <summary>The text in angle brackets; an unclosed bracket ends at the next separator.</summary>
    string Angle()
    {
        var start = index + 1;
        while (start < value.Length && value[start] == '<') start++;
        var close = value.AsSpan(start).IndexOfAny('>', '<');
        if (close >= 0 && value[start + close] == '>')
        {
            index = start + close + 1;
            while (index < value.Length && value[index] == '>') index++;
            return value.Substring(start, close);
        }

        var end = value.AsSpan(start).IndexOfAny(',', ';', ' ');
        index = end < 0 ? value.Length : start + end;
        return value[start..index];
    }

    string Word()
    {
        var start = index;
        if (IsEncodedWord(out var end)) index = end;
        else index++;
        while (index < value.Length && !" \t\r\n,;\"(<".Contains(value[index], StringComparison.Ordinal)
            && !(value[index] == ':' && value.AsSpan(start, index - start).IndexOfAny("@=") < 0)) index++;
        return value[start..index];
    }

    /// <summary>Encoded words may hold commas and colons, though RFC 2047 forbids it in phrases.</summary>
    bool IsEncodedWord(out int end)
    {
        end = 0;
        if (!value.AsSpan(index).StartsWith("=?", StringComparison.Ordinal)) return false;
        var stop = value.AsSpan(index + 2).IndexOfAny(" \t<\"");
        var word = stop < 0 ? value.AsSpan(index) : value.AsSpan(index, stop + 2);
        var last = word.LastIndexOf("?=");
        if (last < 4) return false;
        end = index + last + 2;
        return true;
    }

    /// <summary>
    /// `Smith, John &lt;john@...&gt;`: a lone word before a comma is held back as the surname of the next.
    /// </summary>
    void EndMailbox(bool mayGoOn)
    {
        spaced = false;
        var angle = pieces.FindIndex(piece => piece.Kind == Kind.Angle);
        if (mayGoOn && surname is null && pieces is [{ Kind: Kind.Word } only] && !only.Text.Contains('@'))
        {
            surname = EncodedWords.Decode(only.Text);
        }
        else
        {
            if (surname is not null && angle <= 0) found.Add(new MailboxAddress(null, surname));
            if (angle <= 0) surname = null;
            if (angle >= 0) AddAngle(angle);
            else if (pieces.Count > 0) AddBare();
            surname = null;
        }

        pieces.Clear();
    }

    void AddAngle(int angle)
    {
        var address = Clean(pieces[angle].Text);
        var name = Phrase(pieces.Take(angle).Where(piece => piece.Kind != Kind.Comment)) ?? CommentText();
        if (surname is not null && name is not null) name = $"{surname}, {name}";
        if (address.Length == 0 && name is not null && name.Contains('@') && !name.Contains(' '))
            address = name;
        if (address.Length > 0) found.Add(new MailboxAddress(name, address));
    }

    /// <summary>No brackets: the pieces around an @ are the address, the words before it the name.</summary>
    void AddBare()
    {
        var words = pieces.FindAll(piece => piece.Kind != Kind.Comment);
        var at = words.FindIndex(piece => piece.Kind == Kind.Word && piece.Text.Contains('@'));
        if (at < 0)
        {
            AddWithoutAt(words);
            return;
        }

        var (first, last) = (at, at);
        while (first > 0 && Joins(words[first - 1], words[first])) first--;
        while (last + 1 < words.Count && Joins(words[last], words[last + 1])) last++;
        var address = new StringBuilder();
        for (var word = first; word <= last; word++)
            address.Append(words[word].Kind == Kind.Quoted ? $"\"{words[word].Text}\"" : words[word].Text);
        found.Add(new MailboxAddress(Phrase(words.Take(first)) ?? CommentText(), Clean(address.ToString())));
    }

    /// <summary>Obsolete syntax allows white space around the dots and the @ of an address.</summary>
    static bool Joins(Piece left, Piece right) => !right.Spaced
        || left.Text.EndsWith('@') || left.Text.EndsWith('.')
        || right.Text.StartsWith('@') || right.Text.StartsWith('.');

    void AddWithoutAt(List<Piece> words)
    {
        if (Phrase(words) is not { } phrase) return;
        var hidden = words.Exists(word =>
            word.Kind == Kind.Quoted || word.Text.Contains("=?", StringComparison.Ordinal));
        if (hidden && phrase.Contains('@'))
        {
            // The whole mailbox was put into an encoded word or quotes.
            var isMailbox = !phrase.Contains('"') && (phrase.Contains('<') || !phrase.Contains(' '));
            var inner = new AddressScan(phrase.Replace("=?", "", StringComparison.Ordinal));
            if (isMailbox) found.AddRange(inner.All());
        }
        else if (words is [{ Kind: Kind.Word }])
        {
            found.Add(new MailboxAddress(CommentText(), phrase));
        }
        else
        {
            found.Add(new MailboxAddress(phrase, ""));
        }
    }

    string? CommentText()
    {
        var comment = pieces.FindIndex(piece => piece.Kind == Kind.Comment);
        if (comment < 0) return null;
        var text = EncodedWords.Decode(pieces[comment].Text).Trim();
        return text.Length == 0 ? null : text;
    }

    static string? Phrase(IEnumerable<Piece> words)
    {
        var text = new StringBuilder();
        foreach (var word in words)
        {
            if (text.Length > 0 && (word.Spaced || word.Kind == Kind.Quoted)) text.Append(' ');
            text.Append(word.Text);
        }

        var phrase = EncodedWords.Decode(text.ToString()).Trim().Trim('"').Trim();
        if (phrase.Length > 2 && phrase[0] == '\'' && phrase[^1] == '\'') phrase = phrase[1..^1];
        return phrase.Length == 0 ? null : phrase;
    }

    /// <summary>Takes off routes (RFC 5322 section 4.4), white space, comments and `mailto:`.</summary>
    static string Clean(string text)
    {
        var address = text.AsSpan().Trim();
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)) address = address[7..];
        if (address.StartsWith('@') && address.IndexOf(':') is var colon and > 0)
            address = address[(colon + 1)..];
        if (address.IndexOfAny(" \t(") < 0) return address.ToString();
        var clean = new StringBuilder(address.Length);
        var (depth, quoted) = (0, false);
        foreach (var sign in address)
        {
            if (sign == '"' && depth == 0) quoted = !quoted;
            if (!quoted && sign == '(') depth++;
            if (depth == 0 && (quoted || (sign is not (' ' or '\t')))) clean.Append(sign);
            if (!quoted && sign == ')' && depth > 0) depth--;
        }

        return clean.ToString();
    }
}
