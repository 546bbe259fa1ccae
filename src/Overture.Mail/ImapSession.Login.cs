using System.Text;
using System.Text.Json;

namespace Overture.Mail;

public sealed partial class ImapSession
{
    bool isLoggedIn;

    async Task LogIn(ImapLogin login, CancellationToken cancel)
    {
        if (isLoggedIn) return;
        if (!connection.IsEncrypted && !connection.IsLocal)
            throw new ImapFailed(ImapFailureKind.NotEncrypted,
                $"The connection to {server.Host} is not encrypted, so the password is not sent.");
        var known = capabilities;
        string? denial = null;
        string? Denied(string? claims, string reply)
        {
            denial = Denial(claims);
            return Convert.ToBase64String(Encoding.UTF8.GetBytes(reply));
        }

        try
        {
            await (login switch
            {
                ImapLogin.OAuth token when Can("AUTH=OAUTHBEARER") =>
                    Authenticate("OAUTHBEARER", Bearer(token), claims => Denied(claims, "\u0001"), cancel),
                ImapLogin.OAuth token when Can("AUTH=XOAUTH2") =>
                    Authenticate("XOAUTH2", XOAuth2(token), claims => Denied(claims, ""), cancel),
                ImapLogin.Password password when Can("AUTH=PLAIN") =>
                    Authenticate("PLAIN", $"\0{password.User}\0{password.Secret}", null, cancel),
                ImapLogin.Password password when !Can("LOGINDISABLED") =>
                    Run(new ImapCommand("LOGIN").String(password.User).String(password.Secret, secret: true),
                        cancel),
                ImapLogin.OAuth => throw new ImapFailed(
                    ImapFailureKind.NoLoginMethod,
                    $"{server.Host} does not accept sign-in with a token (OAuth)."),
                _ => throw new ImapFailed(ImapFailureKind.NoLoginMethod,
                    $"{server.Host} takes no password here; sign in with the provider (OAuth) instead."),
            });
        }
        catch (ImapFailed failed) when (
            failed.Failure.Kind is ImapFailureKind.Refused or ImapFailureKind.Login)
        {
            throw new ImapFailed(Explain(failed.Failure, login, denial), failed);
        }

        isLoggedIn = true;
        // What is offered after login differs from before; a server that does not say so is asked.
        if (ReferenceEquals(known, capabilities)) await Run(new ImapCommand("CAPABILITY"), cancel);
    }

    async Task Authenticate(
        string mechanism, string secret, Func<string?, string?>? denied, CancellationToken cancel)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        var command = new ImapCommand("AUTHENTICATE " + mechanism);
        var sent = Can("SASL-IR");
        if (sent) command.Secret(encoded);
        await Run(command, null, null, challenge =>
        {
            if (sent) return denied is null ? null : denied(challenge);
            sent = true;
            return encoded;
        }, cancel);
    }

    static string XOAuth2(ImapLogin.OAuth login) =>
        $"user={login.User}\u0001auth=Bearer {login.AccessToken}\u0001\u0001";

    // RFC 7628 section 3.1; commas and equal signs of the name are escaped as in RFC 5801.
    static string Bearer(ImapLogin.OAuth login) =>
        $"n,a={login.User.Replace("=", "=3D").Replace(",", "=2C")},"
        + $"\u0001auth=Bearer {login.AccessToken}\u0001\u0001";

    // A refused token is explained in a challenge, which must be answered before the refusal comes.
    static string? Denial(string? claims)
    {
        try
        {
            var json = JsonDocument.Parse(Convert.FromBase64String(claims ?? "")).RootElement;
            return json.TryGetProperty("status", out var state) ? state.ToString() : null;
        }
        catch (Exception broken) when (
            broken is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    ImapFailure Explain(ImapFailure failure, ImapLogin login, string? denial)
    {
        var sentence = login is ImapLogin.OAuth
            ? $"{server.Host} refused the sign-in; connect the mailbox again."
            : $"{server.Host} refused the user name or the password. Some providers want an app password.";
        var text = denial is null ? failure.ServerText : $"{failure.ServerText} ({denial})";
        return failure with { Kind = ImapFailureKind.Login, Sentence = sentence, ServerText = text };
    }
}
