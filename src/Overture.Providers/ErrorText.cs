using Overture.Providers.Outbound;

namespace Overture.Providers;

/// <summary>Finds the sentence in an error answer, whatever shape the service gave it.</summary>
static class ErrorText
{
    static readonly string[] Names =
    [
        "details", "message", "msg", "error_message", "status_message", "detail",
        "title", "error", "status",
    ];

    /// <summary>The sentence; null when there is none (a web page, nothing at all).</summary>
    public static string? Of(Answer answer)
    {
        if (answer.MediaType is "text/html" || answer.Body.Length == 0) return null;
        try
        {
            return In(Loose.Parse(answer.Body), 4);
        }
        catch (MalformedAnswerException)
        {
            return answer.MediaType == "text/plain" ? System.Text.Encoding.UTF8.GetString(answer.Body) : null;
        }
    }

    /// <summary>The error's code or type as one text; empty when there is none.</summary>
    public static string CodeOf(Answer answer)
    {
        try
        {
            var root = Loose.Parse(answer.Body);
            var list = root.IsList ? root : root["errors"];
            var first = list.IsList ? list.Items.FirstOrDefault() : root;
            return first.Any("id", "error_code", "code", "category", "policyName", "errorType", "type").Text
                ?? root["error"].Any("type", "code").Text ?? "";
        }
        catch (MalformedAnswerException)
        {
            return "";
        }
    }

    static string? In(Loose value, int depth)
    {
        if (value.Text is { } text) return text;
        if (depth == 0) return null;
        if (value.IsList)
            return value.Items.Select(item => In(item, depth - 1)).FirstOrDefault(found => found is not null);
        if (value["errors"] is { IsList: true } errors && In(errors, depth - 1) is { } inErrors)
            return inErrors;
        return Names.Select(name => In(value[name], depth - 1)).FirstOrDefault(found => found is not null);
    }
}
