namespace Overture.Mail.Inbound;

/// <summary>
/// The marks of <c>Rules/bounce-marks.txt</c>: by what a report is known that no standard describes.
/// </summary>
static class BounceMarks
{
    const int MaxIntroCharacters = 20_000;

    /// <summary>The weight from which a message is a delivery report.</summary>
    public const int EnoughWeight = 3;

    static readonly RuleFile File = RuleFile.Read("bounce-marks");
    static readonly Phrase[] FromMarks = File.Phrases("from");
    static readonly Phrase[] SubjectMarks = File.Phrases("subject");
    static readonly Phrase[] IntroMarks = File.Phrases("intro");
    static readonly Phrase[] OriginalMarks = File.Phrases("original");
    static readonly Phrase[] DelayedMarks = File.Phrases("delayed");
    static readonly Phrase[] HelpMarks = File.Phrases("help");
    static readonly Phrase[] ConfirmMarks = File.Phrases("confirm");

    /// <summary>
    /// How strongly the message looks like a delivery report: a mail system as its author, an empty
    /// return path, a telling subject and telling words count. From three on it is one.
    /// </summary>
    public static int Weight(ReceivedEmail mail, string text)
    {
        // A list server reports in the name of its owner.
        var from = Holds(FromMarks, Lower(mail.Header("From") ?? ""))
            || mail.Header("X-MLServer") is not null;
        var path = mail.Header("Return-Path")?.Trim();
        var nullSender = path is "<>" or "" || IsEmptyFrom(mail)
            || (path?.StartsWith("<MAILER-DAEMON", StringComparison.OrdinalIgnoreCase) ?? false);
        var subject = Holds(SubjectMarks, Lower(mail.Subject ?? ""));
        var intro = Holds(IntroMarks, Lower(text));
        var weight = (from ? 2 : 0) + (nullSender ? 1 : 0) + (subject ? 1 : 0) + (intro ? 1 : 0);
        if (from || nullSender) return weight + (from && FailureText.NamesRecipients(text) ? 1 : 0);
        // Gateways that write in their own name tell it twice and answer nobody.
        var isTold = subject && intro && mail.InReplyTo.Count == 0 && FailureText.NamesRecipients(text);
        return isTold ? EnoughWeight : 0;
    }

    /// <summary>True when the message says that delivery is only late.</summary>
    public static bool IsDelayed(string subject, string text) =>
        Holds(DelayedMarks, Lower(subject)) || Holds(DelayedMarks, Lower(text));

    /// <summary>True when a server or person asks for a confirmation instead of refusing.</summary>
    public static bool AsksToConfirm(string text) => Holds(ConfirmMarks, Lower(text));

    /// <summary>True for a line that names somebody else than a failed recipient.</summary>
    public static bool IsAboutOthers(string lowerLine) => Holds(HelpMarks, lowerLine);

    /// <summary>Where the returned original begins; -1 when the text holds none.</summary>
    public static int OriginalAt(string text)
    {
        var at = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).Trim();
            if (line.Length is > 8 and < 200 && OpensOriginal(line)) return at;
            at = range.End.GetOffset(text.Length) + 1;
        }

        return -1;
    }

    static bool OpensOriginal(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("Received:", StringComparison.OrdinalIgnoreCase))
            return line.Contains("from ", StringComparison.Ordinal)
                || line.Contains("by ", StringComparison.Ordinal)
                || line.Contains('(');
        if (line.StartsWith("Return-Path: <", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("DKIM-Signature:", StringComparison.OrdinalIgnoreCase)) return true;
        return Holds(OriginalMarks, Lower(line.ToString()));
    }

    static bool IsEmptyFrom(ReceivedEmail mail) =>
        mail.Header("From") is { } from && from.Contains("<>", StringComparison.Ordinal);

    static string Lower(string text) =>
        (text.Length <= MaxIntroCharacters ? text : text[..MaxIntroCharacters]).ToLowerInvariant()
        .Replace('\n', ' ').Replace('\r', ' ');

    static bool Holds(Phrase[] phrases, string lower)
    {
        foreach (var phrase in phrases)
        {
            if (phrase.In(lower)) return true;
        }

        return false;
    }
}
