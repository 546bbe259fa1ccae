using System.Globalization;
using System.Text.RegularExpressions;
using Overture.Providers.Outbound;

namespace Overture.Providers.Lemlist;

/// <summary>lemlist answers errors with sentences, not codes; some contradict their HTTP code.</summary>
static partial class LemlistVerdict
{
    public static ProviderFailure? Of(Answer answer)
    {
        var said = ErrorText.Of(answer);
        FailureKind? kind = answer.HttpCode switch
        {
            400 when Says("API key") || Says("Bad team") => FailureKind.Unauthorised,
            404 when Says("API key") => FailureKind.Unauthorised,
            500 when Says("graveyard") => FailureKind.NotFound,
            _ => null,
        };
        if (kind is { } own) return HttpVerdict.As(LemlistOptions.Provider, own, answer, said);
        var failure = HttpVerdict.Of(LemlistOptions.Provider, answer, said);
        return failure is { Kind: FailureKind.RateLimited, RetryAfter: null }
            ? failure with { RetryAfter = UntilReset(answer) }
            : failure;

        bool Says(string words) => said?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
    }

    // "Tue Feb 16 2021 09:02:42 GMT+0100 (…)": a date as JavaScript prints it.
    static TimeSpan? UntilReset(Answer answer)
    {
        var match = ScriptDate().Match(answer.Header("X-RateLimit-Reset") ?? "");
        if (!match.Success) return null;
        var groups = match.Groups;
        var text = $"{groups["date"].Value} {groups["hours"].Value}:{groups["minutes"].Value}";
        return DateTimeOffset.TryParseExact(
            text, "MMM dd yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var reset)
            ? HttpVerdict.Believed((reset - answer.At).TotalSeconds)
            : null;
    }

    [GeneratedRegex(
        @"^\w{3} (?<date>\w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2}) GMT(?<hours>[+-]\d{2})(?<minutes>\d{2})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ScriptDate();
}
