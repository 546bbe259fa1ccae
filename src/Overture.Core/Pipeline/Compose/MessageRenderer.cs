using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A rendered message and everything that keeps it from being sent, each in words.</summary>
public sealed record RenderedMessage(
    string Subject, string Body, int WordCount, IReadOnlyList<string> Problems)
{
    public bool IsReady => Problems.Count == 0;
}

/// <summary>The one renderer: what it shows in a preview is what is sent.</summary>
public static class MessageRenderer
{
    public const int EmailWordLimit = 120;
    public const int LinkedInWordLimit = 60;
    const int SubjectCharacterLimit = 200;

    public static RenderedMessage Render(
        StepKind kind, Variant variant, IReadOnlyDictionary<string, object> fields)
    {
        var (body, missingInBody) = Template.Parse(variant.Body).Render(fields);
        var (subject, missingInSubject) = Template.Parse(variant.Subject).Render(fields);
        body = kind == StepKind.Manual ? body.Trim() : WithBookingLink(body.Trim(), fields);
        // A header is one line, whatever the template holds.
        subject = string.Join(' ', subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var problems = new List<string>();
        foreach (var field in missingInSubject.Concat(missingInBody).Distinct())
            problems.Add(
                $"{{{{{field}}}}} has no value for this lead; fill it in, or give a fallback: "
                + $"{{{{or {field} \"…\"}}}}.");
        var words = CountWords(body);
        if (LimitOf(kind) is { } limit && words > limit)
            problems.Add($"The text has {words} words; {limit} are allowed.");
        if (body.Length == 0 && kind != StepKind.Manual) problems.Add("The text is empty.");
        if (kind != StepKind.LinkedIn && subject.Length == 0) problems.Add("The subject is empty.");
        if (subject.Length > SubjectCharacterLimit)
            problems.Add(
                $"The subject has {subject.Length} characters; {SubjectCharacterLimit} are allowed.");
        return new RenderedMessage(subject, body, words, problems);
    }

    /// <summary>How many words a text of this kind may have; null where only a colleague reads it.</summary>
    public static int? LimitOf(StepKind kind) => kind switch
    {
        StepKind.Email => EmailWordLimit,
        StepKind.LinkedIn => LinkedInWordLimit,
        _ => null,
    };

    public static int CountWords(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>
    /// The sender's booking link ends the message, unless the template has placed it already.
    /// </summary>
    static string WithBookingLink(string body, IReadOnlyDictionary<string, object> fields) =>
        fields.TryGetValue("booking_link", out var link) && link is string url
        && !body.Contains(url, StringComparison.Ordinal)
            ? $"{body}\n\n{url}"
            : body;
}
