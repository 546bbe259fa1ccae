namespace Overture.Mail.Inbound;

/// <summary>A feedback report (RFC 5965): a recipient or a receiver complains of a message.</summary>
/// <param name="FeedbackType">
/// abuse, fraud, virus, other, opt-out, not-spam (RFC 6430) or auth-failure (RFC 6591), in lower case.
/// </param>
/// <param name="OriginalRecipients">Whom the message was sent to, as far as the report tells.</param>
/// <param name="OriginalMessageIds">Message-IDs of the message, without angle brackets.</param>
/// <param name="ArrivedAt">When the receiver got the message.</param>
/// <param name="SourceIp">From which address the receiver got it.</param>
/// <param name="Fields">All fields of the report.</param>
public sealed record Complaint(
    string FeedbackType, IReadOnlyList<string> OriginalRecipients, IReadOnlyList<string> OriginalMessageIds,
    DateTimeOffset? ArrivedAt, string? SourceIp, IReadOnlyDictionary<string, string> Fields);

/// <summary>Recognises feedback reports.</summary>
public static class ComplaintReader
{
    /// <summary>The complaint; null when the message is none.</summary>
    public static Complaint? Read(ReceivedEmail mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        var report = mail.Leaves().FirstOrDefault(p => p.MediaType == "message/feedback-report");
        if (report is null) return Informal(mail);

        var fields = ReportFields.Read(report.DecodeText()).FirstOrDefault() ?? [];
        var original = Original(mail);
        var recipients = fields.Where(f => IsRecipient(f.Key)).Select(f => Address(f.Value)).ToList();
        if (recipients.Count == 0 && original is not null) recipients = OriginalRecipients(original);
        return new Complaint(
            fields.GetValueOrDefault("Feedback-Type", "abuse").Trim().ToLowerInvariant(),
            recipients,
            original?.MessageId is { } id ? [id] : [],
            Arrived(fields),
            fields.GetValueOrDefault("Source-IP") ?? fields.GetValueOrDefault("Source"),
            fields);
    }

    // Amazon SES, Apple Mail and Hotmail's programme send complaints without the report part.
    static Complaint? Informal(ReceivedEmail mail)
    {
        if (SesNotification.ReadComplaint(mail.Text ?? "") is { } notified) return notified;
        var subject = mail.Subject?.Trim() ?? "";
        var isHotmail = subject.StartsWith("complaint about message from",
            StringComparison.OrdinalIgnoreCase);
        var isApple = subject.Equals("unsubscribe", StringComparison.OrdinalIgnoreCase)
            && (mail.Text?.Contains("sent this email to unsubscribe", StringComparison.OrdinalIgnoreCase)
                ?? false);
        if (!isHotmail && !isApple) return null;
        var original = Original(mail);
        var recipients = original is null
            ? mail.From.Select(a => a.Address).ToList() : OriginalRecipients(original);
        return new Complaint(isApple ? "opt-out" : "abuse", recipients,
            original?.MessageId is { } id ? [id] : [], null, null, new Dictionary<string, string>());
    }

    static ReceivedEmail? Original(ReceivedEmail mail) =>
        mail.Leaves().Select(p => p.Message).FirstOrDefault(m => m is not null);

    static List<string> OriginalRecipients(ReceivedEmail original)
    {
        if (original.Header("X-HmXmrOriginalRecipient") is { } hotmail) return [Address(hotmail)];
        return [.. original.To.Select(a => a.Address)];
    }

    static bool IsRecipient(string name) =>
        name.Equals("Original-Rcpt-To", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Removal-Recipient", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Redacted-Address", StringComparison.OrdinalIgnoreCase);

    static string Address(string value) => ReportFields.Untyped(value).Trim('<', '>', ' ');

    static DateTimeOffset? Arrived(Dictionary<string, string> fields) =>
        MailDate.Parse(fields.GetValueOrDefault("Arrival-Date") ?? fields.GetValueOrDefault("Received-Date"));
}
