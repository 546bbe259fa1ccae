using System.Buffers;
using System.Globalization;
using System.Text;

namespace Overture.Mail;

/// <summary>
/// One mailbox address with an optional display name (RFC 5322 section 3.4, RFC 6531 for addresses beyond
/// ASCII). Comments and folding are dropped; quotes stay only where the local part needs them.
/// </summary>
public sealed record EmailAddress
{
    // RFC 5321 section 4.5.3.1, counted in octets.
    const int LocalPartLimit = 64;
    const int DomainLimit = 255;
    const int PathLimit = 254;
    const int LabelLimit = 63;

    internal static readonly SearchValues<char> AtomCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");

    static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true, AllowUnassigned = false };

    internal EmailAddress(string? displayName, string localPart, string domain)
    {
        DisplayName = string.IsNullOrWhiteSpace(displayName) ? null : displayName;
        LocalPart = localPart.Normalize(NormalizationForm.FormC);
        Domain = domain;
        AsciiDomain = ToAscii(domain);
        var local = QuotedLocalPart();
        AddrSpec = $"{local}@{domain}";
        Path = AsciiDomain is null || AsciiDomain == domain ? AddrSpec : $"{local}@{AsciiDomain}";
        Normalised = $"{local.ToLowerInvariant()}@{AsciiDomain ?? domain.ToLowerInvariant()}";
        NeedsSmtpUtf8 = !Ascii.IsValid(local);
        Obstacle = FindObstacle(local);
    }

    /// <summary>The name shown to people, decoded; null when there is none.</summary>
    public string? DisplayName { get; private init; }

    /// <summary>The part before the at sign without quotes or escapes.</summary>
    public string LocalPart { get; }

    /// <summary>The domain as written, Unicode or ASCII, or an address literal in brackets.</summary>
    public string Domain { get; }

    /// <summary>The domain in lower-case ASCII (A-labels, RFC 5890); null when it has no such form.</summary>
    public string? AsciiDomain { get; }

    /// <summary>local@domain, quoted where RFC 5321 section 4.1.2 needs it.</summary>
    public string AddrSpec { get; }

    /// <summary>The lower-case form under which two spellings of one mailbox are the same.</summary>
    public string Normalised { get; }

    /// <summary>
    /// Why no mail can be sent to this address although RFC 5322 allows its spelling, as a sentence; else
    /// null.
    /// </summary>
    public string? Obstacle { get; }

    /// <summary>Whether RFC 5321 lets a message be addressed to it.</summary>
    public bool CanReceive => Obstacle is null;

    /// <summary>Whether the local part needs a server with SMTPUTF8 (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 { get; }

    /// <summary>The form for SMTP: an ASCII domain wherever there is one.</summary>
    public string Path { get; }

    /// <summary>
    /// Reads "local@domain" or "Name &lt;local@domain&gt;"; throws <see cref="FormatException"/>.
    /// </summary>
    public static EmailAddress Parse(string text) =>
        TryParse(text, out var address, out var reason) ? address : throw new FormatException(reason);

    /// <summary>
    /// Reads "local@domain" or "Name &lt;local@domain&gt;" by the full grammar of RFC 5322 with its obsolete
    /// forms. False leaves a sentence in <paramref name="reason"/>. A parsed address may still be impossible
    /// to send to: see <see cref="Obstacle"/>.
    /// </summary>
    public static bool TryParse(
        string? text,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EmailAddress? address,
        out string reason) => EmailAddressParser.TryParse(text, out address, out reason);

    /// <summary>The same address with another display name.</summary>
    public EmailAddress Named(string? displayName) =>
        this with { DisplayName = string.IsNullOrWhiteSpace(displayName) ? null : displayName };

    /// <summary>
    /// "Name" &lt;local@domain&gt;, or the bare address; for people and logs, not for headers.
    /// </summary>
    public override string ToString() => DisplayName is null ? AddrSpec : $"{DisplayName} <{AddrSpec}>";

    /// <summary>
    /// Two addresses are equal when they name the same mailbox, whatever their display names.
    /// </summary>
    public bool Equals(EmailAddress? other) => other is not null && Normalised == other.Normalised;

    /// <inheritdoc/>
    public override int GetHashCode() => Normalised.GetHashCode(StringComparison.Ordinal);

    internal static bool IsAtomCharacter(char c) => c >= 0x80 || AtomCharacters.Contains(c);

    string QuotedLocalPart()
    {
        if (IsDotAtom(LocalPart)) return LocalPart;
        var quoted = new StringBuilder("\"", LocalPart.Length + 2);
        foreach (var c in LocalPart)
        {
            if (c is '"' or '\\' or < ' ' or '\x7f') quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    static bool IsDotAtom(string text)
    {
        if (text.Length == 0 || text[0] == '.' || text[^1] == '.') return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.' ? text[i - 1] == '.' : !IsAtomCharacter(text[i])) return false;
        }

        return true;
    }

    static string? ToAscii(string domain)
    {
        if (domain.StartsWith('[')) return domain;
        try
        {
            return Idn.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    string? FindObstacle(string quotedLocal)
    {
        if (LocalPart.AsSpan().ContainsAnyInRange('\0', '\x1f') || LocalPart.Contains('\x7f'))
            return "The part before the @ contains a control character.";
        if (Encoding.UTF8.GetByteCount(quotedLocal) > LocalPartLimit)
            return $"The part before the @ is longer than {LocalPartLimit} octets.";
        if (AsciiDomain is null) return "The domain is not a valid host name.";
        if (Domain.StartsWith('[')) return AddressLiteral.FindObstacle(Domain);
        if (AsciiDomain.Length > DomainLimit) return $"The domain is longer than {DomainLimit} octets.";
        foreach (var label in AsciiDomain.Split('.'))
        {
            if (label.Length is 0 or > LabelLimit)
                return $"A domain label must have 1 to {LabelLimit} octets.";
            if (!label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                return "The domain contains a character no host name has.";
        }

        if (AsciiDomain[(AsciiDomain.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit))
            return "The domain ends in a number.";
        return Encoding.UTF8.GetByteCount(quotedLocal) + 1 + AsciiDomain.Length > PathLimit
            ? $"The address is longer than {PathLimit} octets."
            : null;
    }
}
