using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Overture.Testing;

/// <summary>
/// The consent page of the played mailbox: the person agrees at once, and the code is good once, for who
/// holds the verifier of the challenge, knows the secret and names the same way back.
/// </summary>
sealed class GmailSinkConsent
{
    readonly Lock gate = new();
    string? code;
    string challenge = "";
    string wayBack = "";

    public string Ask(IQueryCollection query)
    {
        lock (gate)
        {
            var isRight = query["response_type"] == "code" && query["client_id"] == GmailSink.ClientId
                && query["code_challenge_method"] == "S256" && query["access_type"] == "offline";
            wayBack = query["redirect_uri"].ToString();
            challenge = query["code_challenge"].ToString();
            code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            return QueryHelpers.AddQueryString(wayBack, new Dictionary<string, string?>
            {
                ["state"] = query["state"].ToString(), [isRight ? "code" : "error"] =
                    isRight ? code : "invalid_request",
            });
        }
    }

    public bool Redeem(string form)
    {
        var said = QueryHelpers.ParseQuery(form);
        lock (gate)
        {
            var isRight = code is not null && said["code"] == code && said["redirect_uri"] == wayBack
                && said["client_id"] == GmailSink.ClientId
                && said["client_secret"] == GmailSink.ClientSecret
                && Base64Url.EncodeToString(
                    SHA256.HashData(Encoding.ASCII.GetBytes(said["code_verifier"].ToString()))) == challenge;
            code = null;
            return isRight;
        }
    }
}
