using System.Text.RegularExpressions;

namespace Overture.Mail.Inbound;

/// <summary>
/// The codes that stand in what a server said: reply code, enhanced status and the command it answered.
/// </summary>
/// <param name="Code">Three digits, 4yz or 5yz; empty when there are none.</param>
/// <param name="Status">d.d.d; empty when there is none.</param>
/// <param name="Command">The SMTP command that was refused, in capitals; empty when it is not told.</param>
sealed partial record SmtpAnswer(string Code, string Status, string Command)
{
    const int MaxCharacters = 8_000;

    /// <summary>Reads them from text in any case.</summary>
    public static SmtpAnswer In(string text)
    {
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var status = StatusIn(text);
        return new SmtpAnswer(CodeIn(text, status), status, CommandIn(text));
    }

    static string StatusIn(string text)
    {
        var best = "";
        foreach (Match match in StatusPattern().Matches(text))
        {
            var found = match.Groups["code"].Value;
            // x.0.0 says nothing and x.4.7 only that time ran out; the next one may say more.
            if (best.Length == 0 || IsVague(best) || (!IsVague(found) && IsTimeOut(best))) best = found;
            if (!IsVague(best) && !IsTimeOut(best)) break;
        }

        return best;
    }

    /// <summary>True for a status that says no more than its class.</summary>
    public static bool IsVague(string status) =>
        status.EndsWith(".0.0", StringComparison.Ordinal) || status is "5.1.0" or "5.3.0" or "4.3.0";

    static bool IsTimeOut(string status) => status is "4.4.7" or "5.4.7";

    static string CodeIn(string text, string status)
    {
        var code = "";
        foreach (Match match in CodePattern().Matches(text))
        {
            var found = match.Groups["code"].Value;
            var fits = status.Length > 0 && found[0] == status[0];
            if (code.Length == 0 || (fits && code[0] != status[0])) code = found;
        }

        return code;
    }

    static string CommandIn(string text)
    {
        foreach (var (command, pattern) in Commands)
        {
            if (pattern.IsMatch(text)) return command;
        }

        return "";
    }

    static readonly (string Command, Regex Pattern)[] Commands =
        [("RCPT", RcptPattern()), ("DATA", DataPattern()), ("MAIL", MailPattern()), ("HELO", HeloPattern())];

    [GeneratedRegex(@"(?:^|[^\d.])(?<code>[45]\.\d{1,2}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex StatusPattern();

    [GeneratedRegex(@"(?:^|[\s'""\[\(<:;#,>\-])(?<code>[45][0-5]\d)(?:[\s\-:#,'""\]]|$)",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();

    [GeneratedRegex(
        @"rcpt[ _]to|(?:after|following|in|our|:) ?rcpt|>>> rcpt|rcpt command"
        + @"|does not like recipient|smtp:rcpt|\(state 14\)|recipient <[^>]*> \(error following",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RcptPattern();

    [GeneratedRegex(
        @"end of data|data command|after data|our (?:final )?data|in data|>>> data|>>> \."
        + @"|failed after i sent|smtp:data|\(data\)|\(state 1[5-9]\)|end of message|\ndata\n"
        + @"|\[data\]|end-of-data",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DataPattern();

    [GeneratedRegex(
        @"(?:after|to|our|in|:|following|>>>) ?mail from|mail from command|sender was rejected"
        + @"|smtp:mail|\(state 12\)|mail command|\[mail_from\]",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MailPattern();

    [GeneratedRegex(
        @"(?:to|after|our|in|>>>) (?:ehlo|helo|lhlo)|initial connection|refused to talk to me"
        + @"|greeting",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HeloPattern();
}
