using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// Reads one address by RFC 5322 section 3.4.1 with the obsolete forms of section 4.4. One pass, no
/// recursion: the work is linear in the length of the text.
/// </summary>
ref struct EmailAddressParser
{
    // Far above any real header value; keeps hostile input cheap.
    const int TextLimit = 4096;

    readonly ReadOnlySpan<char> text;
    int at;
    string? failure;

    EmailAddressParser(ReadOnlySpan<char> text) => this.text = text;

    public static bool TryParse(
        string? text, [NotNullWhen(true)] out EmailAddress? address, out string reason)
    {
        address = null;
        if (string.IsNullOrEmpty(text))
        {
            reason = "The address is empty.";
            return false;
        }

        if (text.Length > TextLimit)
        {
            reason = $"The address is longer than {TextLimit} characters.";
            return false;
        }

        var bare = new EmailAddressParser(text);
        if (bare.TryReadAddrSpec(out var local, out var domain))
        {
            address = new EmailAddress(null, local, domain);
            reason = "";
            return true;
        }

        reason = bare.failure ?? "The address is malformed.";
        return text.Contains('<') && TryParseNamed(text, out address, ref reason);
    }

    static bool TryParseNamed(string text, out EmailAddress? address, ref string reason)
    {
        address = null;
        var open = text.LastIndexOf('<');
        var close = text.TrimEnd();
        if (!close.EndsWith('>'))
        {
            reason = "The closing > is missing.";
            return false;
        }

        var inner = new EmailAddressParser(text.AsSpan(open + 1, close.Length - open - 2));
        if (!inner.TryReadAddrSpec(out var local, out var domain))
        {
            reason = inner.failure ?? "The address is malformed.";
            return false;
        }

        var name = ReadPhrase(text.AsSpan(0, open));
        if (name.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            reason = "The display name contains a line break.";
            return false;
        }

        address = new EmailAddress(name, local, domain);
        return true;
    }

    static string ReadPhrase(ReadOnlySpan<char> phrase)
    {
        phrase = phrase.Trim();
        if (!phrase.StartsWith("\"") || !phrase.EndsWith("\"") || phrase.Length < 2) return phrase.ToString();
        var name = new StringBuilder(phrase.Length);
        for (var i = 1; i < phrase.Length - 1; i++)
        {
            if (phrase[i] == '\\' && i + 1 < phrase.Length - 1) i++;
            name.Append(phrase[i]);
        }

        return name.ToString();
    }

    bool TryReadAddrSpec(out string local, out string domain)
    {
        domain = "";
        return TryReadLocalPart(out local) && TryReadDomain(out domain);
    }

    bool TryReadLocalPart(out string local)
    {
        var builder = new StringBuilder();
        local = "";
        while (true)
        {
            if (!SkipCfws()) return false;
            if (at >= text.Length) return Fail("There is no @ in the address.");
            if (text[at] == '"')
            {
                if (!ReadQuotedString(builder)) return false;
            }
            else if (!ReadAtom(builder))
            {
                return Fail(text[at] == '@' ? "Nothing stands before the @." : Unexpected());
            }

            if (!SkipCfws()) return false;
            if (at >= text.Length) return Fail("There is no @ in the address.");
            var next = text[at++];
            if (next == '@') break;
            if (next != '.')
            {
                at--;
                return Fail(Unexpected());
            }

            builder.Append('.');
        }

        local = builder.ToString();
        return true;
    }

    bool TryReadDomain(out string domain)
    {
        var builder = new StringBuilder();
        domain = "";
        if (!SkipCfws()) return false;
        if (at < text.Length && text[at] == '[')
        {
            if (!ReadDomainLiteral(builder) || !SkipCfws()) return false;
            if (at < text.Length) return Fail(Unexpected());
            domain = builder.ToString();
            return true;
        }

        while (true)
        {
            var start = builder.Length;
            if (!SkipCfws()) return false;
            if (at >= text.Length || !ReadAtom(builder))
                return Fail("A part of the domain is empty or invalid.");
            if (builder[start] == '-' || builder[^1] == '-')
                return Fail("A domain label begins or ends with a hyphen.");
            if (!SkipCfws()) return false;
            if (at >= text.Length) break;
            if (text[at] != '.') return Fail(Unexpected());
            at++;
            builder.Append('.');
        }

        domain = builder.ToString();
        return true;
    }

    bool ReadAtom(StringBuilder into)
    {
        var start = at;
        while (at < text.Length && EmailAddress.IsAtomCharacter(text[at])) at++;
        into.Append(text[start..at]);
        return at > start;
    }

    bool ReadQuotedString(StringBuilder into)
    {
        at++;
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '"')
            {
                at++;
                return true;
            }

            if (c == '\\')
            {
                if (!ReadQuotedPair(into)) return false;
            }
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (!SkipFoldingSpace()) return false;
                into.Append(' ');
            }
            else if (c == '\0')
            {
                return Fail(Unexpected());
            }
            else
            {
                into.Append(c);
                at++;
            }
        }

        return Fail("A quoted part is not closed.");
    }

    bool ReadDomainLiteral(StringBuilder into)
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (c == ']')
            {
                into.Append(c);
                at++;
                return true;
            }

            if (c == '\\')
            {
                if (!ReadQuotedPair(into)) return false;
            }
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (!SkipFoldingSpace()) return false;
            }
            else if (c is '\0' or >= '\x80' || (c == '[' && into.Length > 0))
            {
                return Fail(Unexpected());
            }
            else
            {
                into.Append(c);
                at++;
            }
        }

        return Fail("The closing ] is missing.");
    }

    bool ReadQuotedPair(StringBuilder into)
    {
        at++;
        if (at >= text.Length || text[at] > '\x7f')
            return Fail("A backslash must stand before an ASCII character.");
        into.Append(text[at++]);
        return true;
    }

    bool SkipCfws()
    {
        while (at < text.Length)
        {
            var c = text[at];
            if (c == '(')
            {
                if (!SkipComment()) return false;
            }
            else if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (!SkipFoldingSpace()) return false;
            }
            else
            {
                return true;
            }
        }

        return true;
    }

    bool SkipComment()
    {
        var depth = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                if (!SkipFoldingSpace()) return false;
                continue;
            }

            if (c == '\0') return Fail(Unexpected());
            if (c == '\\')
            {
                at++;
                if (at >= text.Length || text[at] > '\x7f') break;
            }
            else if (c == '(')
            {
                depth++;
            }
            else if (c == ')' && --depth == 0)
            {
                at++;
                return true;
            }

            at++;
        }

        return Fail("A comment is not closed.");
    }

    // A line break counts as space only when the next line begins with a space or tab (RFC 5322 section
    // 3.2.2).
    bool SkipFoldingSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\r' or '\n')
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
                continue;
            }

            var folded = text[at] == '\r' && at + 2 < text.Length && text[at + 1] == '\n'
                && text[at + 2] is ' ' or '\t';
            if (!folded) return Fail("A line break stands inside the address.");
            at += 3;
        }

        return true;
    }

    readonly string Unexpected() => text[at] is < ' ' or '\x7f'
        ? $"A control character stands at position {at + 1}."
        : $"The character {text[at]} is not allowed at position {at + 1}.";

    bool Fail(string reason)
    {
        failure ??= reason;
        return false;
    }
}

/// <summary>Address literals such as [192.0.2.1] and [IPv6:2001:db8::1] (RFC 5321 section 4.1.3).</summary>
static class AddressLiteral
{
    const string Ipv6Tag = "IPv6:";

    public static string? FindObstacle(string literal)
    {
        var inner = literal.AsSpan(1, literal.Length - 2);
        if (inner.StartsWith(Ipv6Tag, StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.TryParse(inner[Ipv6Tag.Length..], out var six)
                && six.AddressFamily == AddressFamily.InterNetworkV6
                ? null
                : "The IPv6 address literal is malformed.";
        }

        return inner.Count('.') == 3 && IPAddress.TryParse(inner, out var four)
            && four.AddressFamily == AddressFamily.InterNetwork
            ? null
            : "The address literal is not an IP address.";
    }
}
