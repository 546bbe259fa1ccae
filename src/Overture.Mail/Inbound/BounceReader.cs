using System.Text.RegularExpressions;

namespace Overture.Mail.Inbound;

/// <summary>
/// Recognises delivery reports: RFC 3464 reports, broken ones, and the plain texts of mail servers that
/// never heard of it. A report on a delay or a success is a report too; <see
/// cref="BouncedRecipient.Action"/> tells them apart.
/// </summary>
public static partial class BounceReader
{
    const int MaxNesting = 2;
    const int MaxOwnWords = 200;
    const int MaxDiagnosticCharacters = 1_000;

    /// <summary>The report; null when the message is none.</summary>
    public static BounceReport? Read(ReceivedEmail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return Read(mail, 0);
    }

    static BounceReport? Read(ReceivedEmail mail, int nesting)
    {
        var parts = BounceParts.Of(mail);
        if (SesNotification.Read(parts.Text) is { } notification) return notification;
        var reported = Reported(parts);
        var failed = mail.Header("X-Failed-Recipients");
        if (reported.Count == 0 && failed is null && !LooksLikeReport(mail, parts)) return null;

        var said = FailureText.Recipients(parts.Text);
        // A report that was passed on in another one tells more than its envelope.
        if (reported.Count == 0 && said.Count == 0 && nesting < MaxNesting
            && (parts.Original ?? OriginalFromText(parts)) is { } inner
            && Read(inner, nesting + 1) is { } nested)
            return nested;
        var recipients = reported.Count > 0
            ? reported.ConvertAll(fields => FromFields(fields, said, parts, mail))
            : FromText(mail, parts, said, failed);
        if (recipients.Count == 0) return null;
        return new BounceReport(recipients) { OriginalMessageIds = OriginalIds(parts) };
    }

    static bool LooksLikeReport(ReceivedEmail mail, BounceParts parts)
    {
        if (mail.Root.ContentType["report-type"] is "feedback-report") return false;
        var weight = BounceMarks.Weight(mail, parts.Text);
        if (parts.HasStatusPart) weight += 2;
        else if (weight > 0 && parts.Original is not null) weight++;
        return weight >= BounceMarks.EnoughWeight;
    }

    static List<Dictionary<string, string>> Reported(BounceParts parts) =>
        [.. parts.Fields.Where(f => AddressOf(f).Length > 0
            && (f.ContainsKey("Action") || f.ContainsKey("Status") || f.ContainsKey("Diagnostic-Code")))];

    static string AddressOf(Dictionary<string, string> fields)
    {
        var original = AddressIn(fields, "Original-Recipient");
        // The original recipient is whom we wrote to; the final one may be an alias behind it.
        return original.Contains('@') ? original : First(AddressIn(fields, "Final-Recipient"), original);
    }

    static string AddressIn(Dictionary<string, string> fields, string name) =>
        ReportFields.Untyped(fields.GetValueOrDefault(name, "")).Trim('<', '>', ' ', '"', '\'');

    static BouncedRecipient FromFields(
        Dictionary<string, string> fields, List<(string Address, string Said)> said, BounceParts parts,
        ReceivedEmail mail)
    {
        var address = AddressOf(fields);
        var diagnostic = ReportFields.Untyped(fields.GetValueOrDefault("Diagnostic-Code", ""));
        var own = said.Find(s => s.Address.Equals(address, StringComparison.OrdinalIgnoreCase)).Said ?? "";
        var action = fields.GetValueOrDefault("Action", "failed").Trim().ToLowerInvariant();
        var status = fields.GetValueOrDefault("Status", "");
        if (diagnostic.Length == 0 && status.Contains('(')) diagnostic = status;
        var by = parts.Fields[0].GetValueOrDefault("Reporting-MTA", "");
        var between = $"[to {fields.GetValueOrDefault("Remote-MTA", "")}] [by {by}] [for {address}] {own}";
        action = Known(action.Split(' ', ';')[0]);
        var judged = Judge(address, action, status, diagnostic, own, parts, mail, between);
        return IsProgram(fields) && judged.Reason is ("systemerror" or "onhold" or "undefined" or "expired")
            ? judged with { Reason = "mailererror" } : judged;
    }

    // "X-Unix; 71" is the exit code of a delivery program.
    static bool IsProgram(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("Diagnostic-Code", "")
            .StartsWith("x-unix", StringComparison.OrdinalIgnoreCase);

    static string Known(string action) =>
        action is "delayed" or "delivered" or "relayed" or "expanded" ? action : "failed";

    static List<BouncedRecipient> FromText(
        ReceivedEmail mail, BounceParts parts, List<(string Address, string Said)> said, string? failed)
    {
        if (failed is not null) said = Restrict(said, failed);
        if (said.Count == 0) said = [(OriginalRecipient(parts), parts.Text)];
        var action = BounceMarks.IsDelayed(mail.Subject ?? "", parts.Text) ? "delayed" : "failed";
        var fields = parts.Fields.Find(f => f.ContainsKey("Status")) ?? [];
        var status = fields.GetValueOrDefault("Status", "");
        return said.ConvertAll(s => Judge(s.Address, action, status, "", s.Said, parts, mail));
    }

    static List<(string, string)> Restrict(List<(string Address, string Said)> said, string failed)
    {
        var named = MailboxAddress.ParseList(failed).Select(a => a.Address).ToList();
        return named.ConvertAll(a =>
            (a, said.Find(s => s.Address.Equals(a, StringComparison.OrdinalIgnoreCase)).Said ?? ""));
    }

    static BouncedRecipient Judge(
        string address, string action, string status, string diagnostic, string own, BounceParts parts,
        ReceivedEmail mail, string between = "")
    {
        var told = diagnostic.Length > 0 ? diagnostic : own;
        var (inTold, inOwn, inAll) = (SmtpAnswer.In(told), SmtpAnswer.In(own), SmtpAnswer.In(parts.Text));
        var given = StatusPattern().Match(status).Value;
        var answer = new SmtpAnswer(
            First(inTold.Code, inOwn.Code),
            FirstPrecise(inTold.Status, given, inOwn.Status),
            First(inTold.Command, inOwn.Command, inAll.Command));
        var reason = ReasonOf([told, own, parts.Text, mail.Subject ?? ""], answer, between);
        if (action is "delivered" or "relayed" or "expanded") reason = "delivered";
        else if (reason == "undefined" && action == "delayed") reason = "expired";
        var hard = BounceReason.IsHard(reason) && action == "failed";
        return new BouncedRecipient(address, action, answer.Status, answer.Code, reason, hard, OneLine(told));
    }

    static string ReasonOf(string[] texts, SmtpAnswer answer, string between)
    {
        var told = Array.Find(texts, BounceReason.IsTold)
            ?? (texts[0].Length < MaxOwnWords ? texts[0].Trim() : "");
        return BounceReason.Of(told, answer, between);
    }

    static string First(params string[] values) => Array.Find(values, v => v.Length > 0) ?? "";

    static string FirstPrecise(params string[] values) =>
        Array.Find(values, v => v.Length > 0 && !SmtpAnswer.IsVague(v)) ?? First(values);

    static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxDiagnosticCharacters ? line : line[..MaxDiagnosticCharacters];
    }

    static string OriginalRecipient(BounceParts parts)
    {
        var original = parts.Original ?? OriginalFromText(parts);
        return original?.To is [var first, ..] ? first.Address : "";
    }

    static List<string> OriginalIds(BounceParts parts)
    {
        var original = parts.Original ?? OriginalFromText(parts);
        return original?.MessageId is { } id ? [id, .. original.References] : [];
    }

    internal static ReceivedEmail? OriginalFromText(BounceParts parts)
    {
        var headers = HeaderStart().Match(parts.OriginalText);
        if (!headers.Success) return null;
        return MimeReader.Read(System.Text.Encoding.UTF8.GetBytes(
            parts.OriginalText[headers.Index..].TrimStart()));
    }

    [GeneratedRegex(@"[245]\.\d{1,3}\.\d{1,3}", RegexOptions.NonBacktracking)]
    private static partial Regex StatusPattern();

    [GeneratedRegex(
        @"^(?:Received|Return-Path|From|To|Date|Subject|Message-ID|DKIM-Signature|MIME-Version"
        + @"|X-[\w-]+): ?\S",
        RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex HeaderStart();
}
