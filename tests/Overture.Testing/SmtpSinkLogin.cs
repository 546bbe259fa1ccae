using System.Security.Cryptography;
using System.Text;

namespace Overture.Testing;

/// <summary>Checks a login in any of the mechanisms.</summary>
sealed class SmtpSinkLogin(SmtpSinkOptions options, Func<string, Task<string>> ask)
{
    const string Challenge = "<1896.697170952@sink.example>";

    public async Task<bool> IsRight(string line)
    {
        var words = line.Split(' ');
        var initial = words.Length > 2 ? words[2] : null;
        switch (words[1].ToUpperInvariant())
        {
            case "PLAIN":
                return Decode(initial ?? await ask("334 ")) == $"\0{options.User}\0{options.Password}";
            case "LOGIN":
                var name = Decode(initial ?? await ask("334 VXNlcm5hbWU6"));
                return Decode(await ask("334 UGFzc3dvcmQ6")) == options.Password && name == options.User;
            case "CRAM-MD5":
                var response = Decode(await ask("334 " + Encode(Challenge)));
#pragma warning disable CA5351 // RFC 2195 is defined on MD5.
                var digest = HMACMD5.HashData(
                    Encoding.UTF8.GetBytes(options.Password), Encoding.UTF8.GetBytes(Challenge));
#pragma warning restore CA5351
                return response == $"{options.User} {Convert.ToHexStringLower(digest)}";
            case "XOAUTH2":
                if (Decode(
                    initial!) == $"user={options.User}\u0001auth=Bearer {options.Password}\u0001\u0001")
                    return true;
                await ask("334 " + Encode("{\"status\":\"401\"}"));
                return false;
            case "OAUTHBEARER":
                var bearer = Decode(initial!);
                if (bearer.StartsWith($"n,a={options.User},\u0001", StringComparison.Ordinal)
                    && bearer.EndsWith(
                        $"\u0001auth=Bearer {options.Password}\u0001\u0001", StringComparison.Ordinal))
                    return true;
                await ask("334 " + Encode("{\"status\":\"invalid_token\"}"));
                return false;
            default:
                return false;
        }
    }

    static string Decode(string text) => Encoding.UTF8.GetString(Convert.FromBase64String(text));

    static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
