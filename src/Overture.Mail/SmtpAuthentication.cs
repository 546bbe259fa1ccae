using System.Security.Cryptography;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// The login (RFC 4954): PLAIN, LOGIN, CRAM-MD5 (RFC 2195), OAUTHBEARER (RFC 7628), XOAUTH2.
/// </summary>
sealed class SmtpAuthentication(SmtpOptions options, string offeredText, bool isProtected)
{
    // A server that keeps asking is not logging anybody in.
    const int ChallengeLimit = 4;

    readonly string[] offered = offeredText.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Sends one line (the second text is what the log may show) and reads the reply to it.
    /// </summary>
    public delegate ValueTask<SmtpAnswer> Exchange(string line, string shown);

    /// <summary>Logs in; null when the server agreed.</summary>
    public async Task<SmtpFault?> Run(Exchange exchange, CancellationToken cancellation)
    {
        var mayShowPassword = isProtected || options.AllowCredentialsWithoutTls;
        SmtpAnswer answer;
        switch (options.Credentials)
        {
            case SmtpCredentials.WithToken when !mayShowPassword:
                return SmtpFailures.LoginUnprotected(options);
            case SmtpCredentials.WithToken token when Offers("OAUTHBEARER"):
                answer = await Bearer(exchange, token.User, await token.Token(cancellation));
                break;
            case SmtpCredentials.WithToken token when Offers("XOAUTH2"):
                answer = await XOAuth2(exchange, token.User, await token.Token(cancellation));
                break;
            case SmtpCredentials.WithPassword login when mayShowPassword && Offers("PLAIN"):
                answer = await Plain(exchange, login);
                break;
            case SmtpCredentials.WithPassword login when mayShowPassword && Offers("LOGIN"):
                answer = await Login(exchange, login);
                break;
            case SmtpCredentials.WithPassword login when Offers("CRAM-MD5"):
                answer = await CramMd5(exchange, login);
                break;
            case SmtpCredentials.WithPassword when !mayShowPassword && (Offers("PLAIN") || Offers("LOGIN")):
                return SmtpFailures.LoginUnprotected(options);
            default:
                return SmtpFailures.LoginImpossible(
                    options, offeredText.Length > 0 ? offeredText : "nothing");
        }

        return SmtpFailures.Judge(SmtpStage.Auth, answer, new SmtpFailures.Subject(options)) switch
        {
            SendOutcome.Deferred deferred => deferred.Fault,
            SendOutcome.Rejected rejected => rejected.Fault,
            _ => null,
        };
    }

    bool Offers(string mechanism) => offered.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    static ValueTask<SmtpAnswer> Plain(Exchange exchange, SmtpCredentials.WithPassword login) =>
        exchange($"AUTH PLAIN {Encode($"\0{login.User}\0{login.Password}")}", "AUTH PLAIN ***");

    static async ValueTask<SmtpAnswer> Login(Exchange exchange, SmtpCredentials.WithPassword login)
    {
        var answer = await exchange("AUTH LOGIN", "AUTH LOGIN");
        if (answer.Is(334)) answer = await exchange(Encode(login.User), "***");
        if (answer.Is(334)) answer = await exchange(Encode(login.Password), "***");
        return answer;
    }

    static async ValueTask<SmtpAnswer> CramMd5(Exchange exchange, SmtpCredentials.WithPassword login)
    {
        var answer = await exchange("AUTH CRAM-MD5", "AUTH CRAM-MD5");
        if (!answer.Is(334)) return answer;
        var challenge = new byte[answer.Text.Length];
        if (!Convert.TryFromBase64String(answer.Text, challenge, out var length))
            return SmtpAnswer.Broken(SmtpAnswerKind.Garbled, answer.Text);
#pragma warning disable CA5351 // RFC 2195 is defined on MD5; used only where nothing better is offered.
        var digest = HMACMD5.HashData(Encoding.UTF8.GetBytes(login.Password), challenge.AsSpan(0, length));
#pragma warning restore CA5351
        return await exchange(Encode($"{login.User} {Convert.ToHexStringLower(digest)}"), "***");
    }

    ValueTask<SmtpAnswer> Bearer(Exchange exchange, string user, string token)
    {
        var name = user.Replace("=", "=3D").Replace(",", "=2C");
        var response = $"n,a={name},\u0001host={options.Host}\u0001port={options.Port}"
            + $"\u0001auth=Bearer {token}\u0001\u0001";
        // RFC 7628 section 3.2.3: after an error challenge the client sends one %x01 and then gets the
        // refusal.
        return WithErrorChallenge(exchange, "OAUTHBEARER", response, Encode("\u0001"));
    }

    static ValueTask<SmtpAnswer> XOAuth2(Exchange exchange, string user, string token) =>
        WithErrorChallenge(
            exchange, "XOAUTH2", $"user={user}\u0001auth=Bearer {token}\u0001\u0001", "");

    static async ValueTask<SmtpAnswer> WithErrorChallenge(
        Exchange exchange, string mechanism, string response, string acknowledgement)
    {
        var answer = await exchange($"AUTH {mechanism} {Encode(response)}", $"AUTH {mechanism} ***");
        for (var i = 0; i < ChallengeLimit && answer.Is(334); i++)
            answer = await exchange(acknowledgement, acknowledgement);
        return answer;
    }

    static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
