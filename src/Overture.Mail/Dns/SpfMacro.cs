using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Overture.Mail.Dns;

/// <summary>What macros may speak of (RFC 7208 section 7.2).</summary>
sealed record SpfMacroContext(IPAddress Ip, string Sender, string Domain, string Helo)
{
    public string Receiver { get; init; } = "unknown";

    public DateTimeOffset Now { get; init; }

    /// <summary>The validated name of the client, looked up only when a macro asks for it.</summary>
    public required Func<Task<string>> ValidatedName { get; init; }
}

/// <summary>Macro strings (RFC 7208 section 7).</summary>
static partial class SpfMacro
{
    const int LongestName = 253;
    const int LongestText = 4_096;
    const int RegexTimeOutMilliseconds = 1000;

    public static bool IsMacroString(string text) => MacroString().IsMatch(text);

    /// <summary>A macro string that ends in a macro or in a dot and a top label.</summary>
    public static bool IsDomainSpec(string text)
    {
        if (text.Length == 0 || !IsMacroString(text)) return false;
        return EndsInMacro().IsMatch(text) || TopLabel().IsMatch(text);
    }

    /// <summary>
    /// An explanation may hold spaces and the letters c, r and t beside (RFC 7208 section 6.2).
    /// </summary>
    public static bool IsExplanation(string text) => Explanation().IsMatch(text);

    /// <summary>The domain a spec stands for, cut from the left to fit in a name.</summary>
    public static async Task<string> ExpandDomain(string spec, SpfMacroContext context)
    {
        var name = (await Expand(spec, context)).TrimEnd('.');
        while (name.Length > LongestName && name.Contains('.')) name = name[(name.IndexOf('.') + 1)..];
        return name;
    }

    public static async Task<string> Expand(string text, SpfMacroContext context)
    {
        var expanded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length && expanded.Length < LongestText; i++)
        {
            if (text[i] != '%')
            {
                expanded.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                expanded.Append(await One(text[(i + 1)..end], context));
                i = end;
            }
            else
            {
                expanded.Append(text[i] switch { '_' => " ", '-' => "%20", _ => "%" });
            }
        }

        return expanded.ToString();
    }

    static async Task<string> One(string macro, SpfMacroContext context)
    {
        var parts = Parts().Match(macro);
        var letter = parts.Groups["letter"].Value[0];
        var value = await Value(char.ToLowerInvariant(letter), context);
        var delimiters = parts.Groups["delimiters"].Value;
        var labels = value.Split(delimiters.Length == 0 ? ['.'] : delimiters.ToCharArray());
        if (parts.Groups["reverse"].Length > 0) Array.Reverse(labels);
        if (int.TryParse(parts.Groups["keep"].Value, out var keep) && keep < labels.Length)
            labels = labels[^keep..];
        value = string.Join('.', labels);
        return char.IsAsciiLetterUpper(letter) ? Uri.EscapeDataString(value) : value;
    }

    static async Task<string> Value(char letter, SpfMacroContext context)
    {
        var at = context.Sender.LastIndexOf('@');
        return letter switch
        {
            's' => context.Sender,
            'l' => context.Sender[..at],
            'o' => context.Sender[(at + 1)..],
            'd' => context.Domain,
            'i' => Dotted(context.Ip),
            'p' => await context.ValidatedName(),
            'v' => context.Ip.AddressFamily == AddressFamily.InterNetwork ? "in-addr" : "ip6",
            'h' => context.Helo,
            'c' => context.Ip.ToString(),
            'r' => context.Receiver,
            _ => context.Now.ToUnixTimeSeconds().ToString(),
        };
    }

    static string Dotted(IPAddress ip) => ip.AddressFamily == AddressFamily.InterNetwork
        ? ip.ToString()
        : string.Join('.', Convert.ToHexStringLower(ip.GetAddressBytes()).AsEnumerable());

    const string Expansion = @"%\{[slodiphv](?:[1-9]\d{0,2})?r?[.\-+,/_=]*\}|%%|%_|%-";
    const string ExpansionOfExplanation = @"%\{[slodiphvcrt](?:[1-9]\d{0,2})?r?[.\-+,/_=]*\}|%%|%_|%-";

    [GeneratedRegex($@"^(?:[!-$&-~]|{Expansion})*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        RegexTimeOutMilliseconds)]
    private static partial Regex MacroString();

    [GeneratedRegex($@"^(?:[ !-$&-~]|{ExpansionOfExplanation})*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, RegexTimeOutMilliseconds)]
    private static partial Regex Explanation();

    [GeneratedRegex(@"%\{[^{}]*\}\z", RegexOptions.None, RegexTimeOutMilliseconds)]
    private static partial Regex EndsInMacro();

    [GeneratedRegex(@"\.(?=[^.]*[A-Za-z\-])[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.?\z", RegexOptions.None,
        RegexTimeOutMilliseconds)]
    private static partial Regex TopLabel();

    [GeneratedRegex(@"^(?<letter>[A-Za-z])(?<keep>\d*)(?<reverse>[rR]?)(?<delimiters>.*)\z",
        RegexOptions.None, RegexTimeOutMilliseconds)]
    private static partial Regex Parts();
}
