using Overture.Providers.Outbound;

namespace Overture.Providers.OAuth;

/// <summary>
/// The refusals of RFC 6749 section 5.2. A grant that has ended is Unauthorised: the person must connect the
/// mailbox again. A wrong registration of ours is Forbidden: no person can help.
/// </summary>
static class OAuthVerdict
{
    public static Func<Answer, ProviderFailure?> Of(string provider) => answer =>
    {
        if (answer.HttpCode is not (400 or 401 or 403)) return HttpVerdict.Of(provider, answer);
        var (error, description) = Read(answer);
        var kind = error switch
        {
            "invalid_grant" or "interaction_required" or "consent_required" or "login_required" =>
                FailureKind.Unauthorised,
            "invalid_client" or "unauthorized_client" or "access_denied" => FailureKind.Forbidden,
            "temporarily_unavailable" => FailureKind.Unavailable,
            _ => FailureKind.InvalidRequest,
        };
        return HttpVerdict.As(provider, kind, answer, $"{error}: {description}");
    };

    static (string Error, string Description) Read(Answer answer)
    {
        try
        {
            var said = Loose.Parse(answer.Body);
            return (said["error"].Text ?? "", said["error_description"].Text ?? "");
        }
        catch (MalformedAnswerException malformed)
        {
            return ("", malformed.Message);
        }
    }
}
