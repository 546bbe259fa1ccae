using System.Text;
using System.Text.RegularExpressions;
using Overture.Providers.Outbound;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// EDGAR's own way of refusing: policy pages in HTML whatever the code, S3 errors in XML, and 403 for files
/// that are not there.
/// </summary>
static partial class SecEdgarVerdict
{
    const int TitleSearchBytes = 4096;

    // The SEC shuts a source out for ten minutes, counted from its last call.
    static readonly TimeSpan Block = TimeSpan.FromMinutes(11);

    public static ProviderFailure? Of(Answer answer)
    {
        var beginning = Encoding.Latin1.GetString(
            answer.Body.AsSpan(0, Math.Min(TitleSearchBytes, answer.Body.Length)));
        var title = Title().Match(beginning) is { Success: true } match
            ? match.Groups["title"].Value.Trim()
            : null;
        if (title?.Contains("Undeclared Automated Tool", StringComparison.OrdinalIgnoreCase) == true)
            return HttpVerdict.As(
                SecEdgarOptions.Provider, FailureKind.Forbidden, answer,
                "the User-Agent does not name an organisation and a contact address, or a proxy removes it");
        if (title?.Contains("Rate Threshold", StringComparison.OrdinalIgnoreCase) == true)
            return HttpVerdict.As(SecEdgarOptions.Provider, FailureKind.RateLimited, answer, title)
                with { RetryAfter = HttpVerdict.RetryAfter(answer) ?? Block };
        if (beginning.Contains("<Error><Code>", StringComparison.Ordinal) || answer.HttpCode == 403)
            return HttpVerdict.As(
                SecEdgarOptions.Provider, FailureKind.NotFound, answer, "there is no such file");
        return HttpVerdict.Of(SecEdgarOptions.Provider, answer, title);
    }

    [GeneratedRegex(@"<title[^>]*>(?<title>[^<]{1,300})",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Title();
}
