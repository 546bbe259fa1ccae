namespace Overture.Mail.Inbound;

/// <summary>
/// Says why a delivery failed. First the codes of large providers, then what the server's words say
/// (<c>Rules/bounce-reasons.txt</c>), then the enhanced status (RFC 3463) and the reply code (RFC 5321).
/// </summary>
/// <remarks>
/// The vocabulary: userunknown, filtered, mailboxfull, suspend, hasmoved, hostunknown, notaccept,
/// expired, blocked, badreputation, spamdetected, virusdetected, policyviolation, authfailure,
/// requireptr, failedstarttls, notcompliantrfc, rejected, norelaying, securityerror, mesgtoobig,
/// exceedlimit, speeding, toomanyconn, networkerror, systemerror, systemfull, syntaxerror, contenterror,
/// mailererror, onhold, delivered, undefined.
/// </remarks>
public static class BounceReason
{
    const int MaxCharacters = 4_000;

    static readonly (string Reason, Phrase[] Phrases)[] ByText = Read("bounce-reasons");
    static readonly (string Reason, Phrase[] Phrases)[] ByProvider = Read("bounce-providers");
    static readonly Dictionary<string, string> ByStatus = ReadStatus();

    /// <summary>The reasons after which sending again is pointless.</summary>
    public static bool IsHard(string reason) =>
        reason is "userunknown" or "hostunknown" or "hasmoved" or "notaccept";

    /// <summary>The reason for one recipient.</summary>
    /// <param name="text">What the server said.</param>
    /// <param name="answer">The codes in it.</param>
    /// <param name="between">
    /// Who talked to whom: "[to remote host] [by reporting host] [for address]".
    /// </param>
    internal static string Of(string text, SmtpAnswer answer, string between = "")
    {
        var lower = Squeeze(text);
        if (Find(ByProvider, Squeeze($"{between} {text}")) is { } provider) return provider;
        var byStatus = StatusReason(answer.Status);
        var reason = Find(ByText, lower) ?? byStatus ?? ByCode(answer.Code)
            ?? (lower.Length > 0 ? "onhold" : "undefined");
        return Weigh(reason, byStatus, answer);
    }

    /// <summary>True when the words alone give a reason.</summary>
    internal static bool IsTold(string text)
    {
        var lower = Squeeze(text);
        return Find(ByProvider, lower) is not null || Find(ByText, lower) is not null;
    }

    static string Weigh(string reason, string? byStatus, SmtpAnswer answer)
    {
        var vague = reason is "securityerror" or "onhold" or "undefined" or "userunknown" or "hostunknown";
        // Refused before or at the sender, it cannot be the recipient's fault.
        if (answer.Command == "HELO" && (vague || reason is "rejected")) return "blocked";
        if (answer.Command == "MAIL" && vague) return "rejected";
        return reason == "userunknown" ? UnknownUser(byStatus, answer) : reason;
    }

    // "User unknown" is proven by its status or by refusing RCPT; said later, a filter may have said it.
    static string UnknownUser(string? byStatus, SmtpAnswer answer)
    {
        if (byStatus is "mailboxfull" or "hasmoved" or "requireptr" or "notaccept") return byStatus;
        if (byStatus == "userunknown" || answer.Command == "RCPT") return "userunknown";
        return "filtered";
    }

    static string? StatusReason(string status) =>
        status.Length > 1 ? ByStatus.GetValueOrDefault(status[1..]) : null;

    static string? ByCode(string code) =>
        code is "500" or "501" or "502" or "503" or "504" ? "syntaxerror" : null;

    static string Squeeze(string text)
    {
        if (text.Length > MaxCharacters) text = text[..MaxCharacters];
        var words = text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words);
    }

    static string? Find((string Reason, Phrase[] Phrases)[] table, string lower)
    {
        foreach (var (reason, phrases) in table)
        {
            foreach (var phrase in phrases)
            {
                if (phrase.In(lower)) return reason;
            }
        }

        return null;
    }

    static (string, Phrase[])[] Read(string name) =>
        [.. RuleFile.Read(name).Sections.Select(s => (s.Section, s.Entries.Select(Phrase.Parse).ToArray()))];

    static Dictionary<string, string> ReadStatus()
    {
        var reasons = new Dictionary<string, string>();
        foreach (var (reason, codes) in RuleFile.Read("bounce-status").Sections)
        {
            foreach (var code in codes) reasons[code[1..]] = reason;
        }

        return reasons;
    }
}
