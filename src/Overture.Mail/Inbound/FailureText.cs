using System.Text.RegularExpressions;

namespace Overture.Mail.Inbound;

/// <summary>
/// Finds in the words of a delivery report which addresses failed, and what was said of each. One rule
/// serves all servers: an address that opens a line is a recipient and owns the lines below it; failing
/// that, an address a telling word leads to.
/// </summary>
static partial class FailureText
{
    const int MaxLines = 2_000;
    const int MaxLineCharacters = 1_000;
    const int MaxBlockLines = 20;
    const int MaxRecipients = 500;

    static readonly string[] Leads =
    [
        "to", "to:", "recipient", "recipient:", "recipients:", "user", "user:", "mailbox",
        "account", "userid", "userid:", "address", "address:", "for", "rcpt to:", "size:",
        "attempts:", "errors:", "account:", "following:", "recipient(s):", "an", "à", "para",
        "alias", "mailto:", "smtp:", "username:", "name:", "error:", "unknown:",
        "original-recipient:", "failed:", "rcpt:", "generated from", "expanded from",
        "expanded from:", "error-for:", "smtp=", "user unknown:", "unknown", "e-mail:", "email:",
        "account=", "=",
    ];

    /// <summary>The addresses with what was said of them, in the order of the text.</summary>
    public static List<(string Address, string Said)> Recipients(string text)
    {
        var lines = text.Split('\n', MaxLines + 1);
        var strong = new List<(string Address, int Line, int After)>();
        var weak = new List<(string Address, int Line, int After)>();
        for (var i = 0; i < lines.Length && i < MaxLines && strong.Count < MaxRecipients; i++)
        {
            var line = lines[i].Length <= MaxLineCharacters ? lines[i] : lines[i][..MaxLineCharacters];
            if (line.Contains('@')) Look(line, i, strong, weak);
        }

        var named = weak.FindAll(w => !IsHeaderTo(lines[w.Line]));
        var chosen = strong.Count > 0 ? strong : named.Count > 0 ? named : weak;
        return Blocks(lines, chosen);
    }

    /// <summary>True when a line of the text opens with an address.</summary>
    public static bool NamesRecipients(string text)
    {
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).TrimStart(" \t<*-");
            var word = line.IndexOfAny(' ', '>', ':');
            var first = word < 0 ? line : line[..word];
            if (first.IndexOf('@') > 0 && first.Length < MaxLineCharacters) return true;
        }

        return false;
    }

    static void Look(string line, int at, List<(string, int, int)> strong, List<(string, int, int)> weak)
    {
        foreach (Match match in AddressPattern().Matches(line))
        {
            var address = match.Value.TrimEnd('.', '>', '=', '!').TrimStart('=', '*', '.');
            if (address.StartsWith("SMTP=", StringComparison.OrdinalIgnoreCase))
            {
                weak.Add((address[5..], at, match.Index + match.Length));
                continue;
            }

            if (!IsPlausible(address)) continue;
            var before = line[..match.Index].ToLowerInvariant();
            var lead = before.Trim(" \t<\"'*>|•·-–\u00a0".ToCharArray());
            var end = match.Index + match.Length;
            if (lead.Length == 0)
            {
                strong.Add((address, at, end));
                return;
            }

            if (BounceMarks.IsAboutOthers(before)) continue;
            if (IsLead(lead) || CodeLead().IsMatch(lead)) weak.Add((address, at, end));
        }
    }

    static bool IsHeaderTo(string line) =>
        line.TrimStart().StartsWith("To:", StringComparison.OrdinalIgnoreCase);

    static bool IsPlausible(string address)
    {
        var at = address.IndexOf('@');
        if (at <= 0 || at == address.Length - 1) return false;
        var local = address[..at].ToLowerInvariant();
        return local is not (
            "postmaster" or "mailer-daemon" or "abuse" or "support" or "helpdesk" or "hostmaster");
    }

    static bool IsLead(string lead) =>
        Array.Exists(Leads, l => lead.EndsWith(l, StringComparison.Ordinal)
            && (lead.Length == l.Length || !char.IsLetterOrDigit(lead[^(l.Length + 1)]) || l == "="));

    static List<(string, string)> Blocks(string[] lines, List<(string Address, int Line, int After)> found)
    {
        var said = new List<(string Address, string Said)>();
        for (var i = 0; i < found.Count; i++)
        {
            var (address, line, after) = found[i];
            var end = i + 1 < found.Count ? found[i + 1].Line : lines.Length;
            end = Math.Min(end, line + 1 + MaxBlockLines);
            var block = string.Join('\n', lines[(line + 1)..Math.Max(line + 1, end)]);
            block = $"{Lead(lines, line)}{lines[line][Math.Min(after, lines[line].Length)..]}\n{block}";
            var known = said.FindIndex(s => s.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
            if (known < 0) said.Add((address, block));
            else if (said[known].Said.Length < MaxLineCharacters * 4)
                said[known] = (said[known].Address, $"{said[known].Said}\n{block}");
        }

        return said;
    }

    // Some servers say what is wrong in the line above the address.
    static string Lead(string[] lines, int line)
    {
        var own = AddressPattern().Match(lines[line]);
        var before = own.Success ? lines[line][..own.Index].Trim(' ', '<', '\t', '*', '>', '"') : "";
        if (before.Length > 0) return before + " ";
        var above = line - 1;
        while (above >= 0 && lines[above].AsSpan().Trim().IsEmpty) above--;
        if (above < 0 || lines[above].Contains('@')) return "";
        var text = lines[above].Trim();
        return text.EndsWith('.')
            && text.Contains("account", StringComparison.OrdinalIgnoreCase) ? text + "\n" : "";
    }

    // "550 5.1.1 <ann@example.com>... User unknown", a line of a transcript.
    [GeneratedRegex(@"^(?:<<< )?[45]\d\d(?:[ -][45]\.\d\.\d+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex CodeLead();

    [GeneratedRegex(
        @"[^\s<>""'(),:;\[\]\\]{1,128}@[^\s<>""'(),:;\[\]\\]{1,255}", RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();
}
