using System.Globalization;
using System.Text.Json;

namespace Overture.Mail.Inbound;

/// <summary>
/// Reads the JSON in which Amazon SES tells of a bounce or complaint, by mail from its notification service.
/// </summary>
static class SesNotification
{
    const int MaxCharacters = 200_000;

    /// <summary>The report; null when the text is no such notification or tells of something else.</summary>
    public static BounceReport? Read(string text) => Read(text, Report);

    /// <summary>
    /// The complaint; null when the text is no such notification or tells of something else.
    /// </summary>
    public static Complaint? ReadComplaint(string text) => Read(text, ToComplaint);

    static T? Read<T>(string text, Func<JsonElement, T?> convert)
        where T : class
    {
        if (!text.Contains("otificationType", StringComparison.Ordinal)
            && !text.Contains("\"eventType\"", StringComparison.Ordinal)) return null;
        var start = text.IndexOf('{');
        if (start < 0 || text.Length > MaxCharacters) return null;
        try
        {
            using var document = Parse(text[start..]);
            var root = document.RootElement;
            if (root.TryGetProperty("Message", out var inner) && inner.ValueKind == JsonValueKind.String)
            {
                using var message = Parse(inner.GetString()!);
                return convert(message.RootElement);
            }

            return convert(root);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A field of another JSON type than documented.
            return null;
        }
    }

    // The service may add its own words below the object, so only the first value is read.
    static JsonDocument Parse(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            AllowMultipleValues = true,
        });
        return JsonDocument.ParseValue(ref reader);
    }

    static BounceReport? Report(JsonElement root)
    {
        var type = TypeOf(root);
        if (type == "Bounce" && root.TryGetProperty("bounce", out var bounce)
            && bounce.TryGetProperty("bouncedRecipients", out var recipients))
            return new BounceReport([.. recipients.EnumerateArray().Select(r => Failed(r, bounce))]);
        if (type == "Delivery" && root.TryGetProperty("delivery", out var delivery)
            && delivery.TryGetProperty("recipients", out var delivered))
            return new BounceReport([.. delivered.EnumerateArray().Select(r => Delivered(r, delivery))]);
        return null;
    }

    static string TypeOf(JsonElement root) =>
        Text(root, "notificationType") is { Length: > 0 } type ? type : Text(root, "eventType");

    static Complaint? ToComplaint(JsonElement root)
    {
        if (TypeOf(root) != "Complaint") return null;
        if (!root.TryGetProperty("complaint", out var complaint)) return null;
        var mail = root.TryGetProperty("mail", out var sent) ? sent : default;
        var recipients = complaint.TryGetProperty("complainedRecipients", out var list)
            ? list.EnumerateArray().Select(r => Text(r, "emailAddress")).ToList() : [];
        var type = Text(complaint, "complaintFeedbackType");
        var isDated = DateTimeOffset.TryParse(
            Text(complaint, "arrivalDate"), CultureInfo.InvariantCulture, out var arrived);
        return new Complaint(
            type.Length > 0 ? type : "abuse", recipients,
            Text(mail, "messageId") is { Length: > 0 } id ? [id] : [],
            isDated ? arrived : null,
            Text(mail, "sourceIp") is { Length: > 0 } ip ? ip : null,
            new Dictionary<string, string>());
    }

    static BouncedRecipient Failed(JsonElement recipient, JsonElement bounce)
    {
        var said = ReportFields.Untyped(Text(recipient, "diagnosticCode"));
        var answer = SmtpAnswer.In(said);
        var status = answer.Status.Length > 0 ? answer.Status : Text(recipient, "status");
        // SES reports permanent failures of its own list without any words.
        var reason = BounceReason.Of($"{said} {Text(bounce, "bounceSubType")}",
            answer with { Status = status });
        return new BouncedRecipient(Text(recipient, "emailAddress"), "failed", status, answer.Code, reason,
            BounceReason.IsHard(reason), said);
    }

    static BouncedRecipient Delivered(JsonElement recipient, JsonElement delivery)
    {
        var said = Text(delivery, "smtpResponse");
        var answer = SmtpAnswer.In(said);
        return new BouncedRecipient(
            recipient.GetString() ?? "", "delivered", answer.Status, answer.Code, "delivered", false, said);
    }

    static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
