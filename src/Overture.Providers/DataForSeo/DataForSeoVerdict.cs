using Overture.Providers.Outbound;

namespace Overture.Providers.DataForSeo;

/// <summary>Errors stand in the body, of the envelope and of each task, also under HTTP 200.</summary>
static class DataForSeoVerdict
{
    const int Ok = 20_000;
    const int TaskCreated = 20_100;

    public static ProviderFailure? Of(Answer answer)
    {
        if (Envelope(answer) is not { } envelope)
            return HttpVerdict.Of(DataForSeoOptions.Provider, answer, ErrorText.Of(answer));
        // Of several tasks in one call some may succeed, and are billed: then the call has succeeded.
        Loose[] tasks = [.. envelope["tasks"].Items];
        if (IsRefused(envelope)) return Refusal(answer, envelope);
        return tasks.Length > 0 && Array.TrueForAll(tasks, IsRefused)
            ? Refusal(answer, tasks[0])
            : HttpVerdict.Of(DataForSeoOptions.Provider, answer);
    }

    /// <summary>Whether the envelope or a task tells of anything but success.</summary>
    public static bool IsRefused(Loose part) =>
        part["status_code"].Count is { } code && code is not (Ok or TaskCreated);

    static ProviderFailure? Refusal(Answer answer, Loose part)
    {
        var code = part["status_code"].Count!.Value;
        return HttpVerdict.As(
            DataForSeoOptions.Provider, KindOf(code), answer, $"{code}: {part["status_message"].Text}");
    }

    // Whether it is readable at all is the reader's question.
    static Loose? Envelope(Answer answer)
    {
        try
        {
            var root = Loose.Parse(answer.Body);
            return root["status_code"].IsThere ? root : null;
        }
        catch (MalformedAnswerException)
        {
            return null;
        }
    }

    static FailureKind KindOf(int code) => code switch
    {
        40_202 or 40_209 => FailureKind.RateLimited,
        >= 40_100 and < 40_200 => FailureKind.Unauthorised,
        >= 40_200 and < 40_300 => FailureKind.QuotaExhausted,
        40_400 or 40_401 => FailureKind.NotFound,
        40_601 or 40_602 => FailureKind.Pending,
        >= 50_000 => FailureKind.Unavailable,
        _ => FailureKind.InvalidRequest,
    };
}
