using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Overture.Providers.Crawler;

/// <summary>What one page of a site offers for getting in touch.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Emails">Addresses, in order of appearance.</param>
/// <param name="Phones">Numbers of telephone links.</param>
/// <param name="Forms">Forms that ask for an address and a message.</param>
/// <param name="ProfileUrls">Links to LinkedIn profiles and company pages.</param>
/// <param name="Links">Links within the site, the most promising first.</param>
public sealed record PageFacts(
    string? Title, IReadOnlyList<FoundEmail> Emails, IReadOnlyList<string> Phones,
    IReadOnlyList<ContactForm> Forms,
    IReadOnlyList<string> ProfileUrls, IReadOnlyList<Uri> Links);

/// <summary>An address and how it was written.</summary>
/// <param name="Address">In lower case.</param>
/// <param name="Means">"link", "text", "obfuscated" or "protected".</param>
public sealed record FoundEmail(string Address, string Means);

/// <summary>A form for messages.</summary>
/// <param name="Action">Where it goes.</param>
/// <param name="Fields">The names of its fields.</param>
public sealed record ContactForm(Uri Action, IReadOnlyList<string> Fields);

/// <summary>Reads one page; a pure function of its bytes and address. No script is run.</summary>
public static partial class PageReader
{
    const int MaxTextCharacters = 500_000;
    const int MaxLinks = 500;
    const int MaxEmails = 200;

    static readonly string[] ContactWords =
    [
        "contact", "kontakt", "contacto", "contatti", "contato", "impressum", "imprint", "about", "ueber-uns",
        "uber-uns", "about-us", "team", "people", "staff", "leadership", "management", "legal",
        "equipe", "nous",
    ];

    static readonly string[] Inline = ["a", "b", "i", "em", "strong", "span", "wbr"];

    static readonly string[] FileEndings = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css", ".js"];

    /// <summary>Reads the page.</summary>
    /// <exception cref="MalformedAnswerException">Its elements are nested beyond reason.</exception>
    public static PageFacts Read(byte[] body, Uri address)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(address);
        NestingLimit.Check(body);
        var context = BrowsingContext.New(Configuration.Default);
        using var document = new HtmlParser(new HtmlParserOptions { IsScripting = false }, context)
            .ParseDocument(new MemoryStream(body));
        var baseUrl = BaseOf(document, address);
        return new PageFacts(
            document.Title is { Length: > 0 } title ? title.Trim() : null, Emails(document), Phones(document),
            Forms(document, baseUrl), Profiles(document), Links(document, baseUrl, address));
    }

    /// <summary>Addresses in a text, also written as "jane [at] example (dot) com".</summary>
    public static IReadOnlyList<FoundEmail> EmailsIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextCharacters) text = text[..MaxTextCharacters];
        var plain = Address().Matches(text).Select(match => (match.Value, "text"));
        var hidden = Obfuscated().Matches(text).Select(match => (
            match.Groups["name"].Value + "@"
            + Dot().Replace(match.Groups["domain"].Value, ".").Replace(" ", "", StringComparison.Ordinal),
            "obfuscated"));
        return Distinct(plain.Concat(hidden));
    }

    static FoundEmail[] Emails(IHtmlDocument document)
    {
        List<(string, string)> found = [];
        foreach (var link in document.QuerySelectorAll("a[href^='mailto:' i]"))
        {
            var target = Unescaped(link.GetAttribute("href")!["mailto:".Length..].Split('?')[0]);
            found.AddRange(target.Split(',').Select(address => (address.Trim(), "link")));
        }

        found.AddRange(document.QuerySelectorAll("[data-cfemail]")
            .Select(element => (Unprotect(element.GetAttribute("data-cfemail")!), "protected")));
        const string unseen = "script, style, noscript, template";
        foreach (var hidden in document.QuerySelectorAll(unseen)) hidden.Remove();
        var text = new StringBuilder();
        AppendText(document.Body, text);
        found.AddRange(EmailsIn(text.ToString()).Select(email => (email.Address, email.Means)));
        return Distinct(found);
    }

    // Blocks are kept apart, so that the end of one does not run into the beginning of the next.
    static void AppendText(INode? node, StringBuilder text)
    {
        if (node is null) return;
        foreach (var part in node.GetDescendants())
        {
            if (text.Length > MaxTextCharacters) return;
            if (part is IText words) text.Append(words.Data);
            else if (part is IElement element && !Inline.Contains(element.LocalName))
                text.Append('\n');
        }
    }

    static FoundEmail[] Distinct(IEnumerable<(string Address, string Means)> found) =>
    [
        .. found.Select(email => (Address: email.Address.Trim().Trim('.').ToLowerInvariant(), email.Means))
            .Where(email => Address().Match(email.Address) is { Success: true } match
                && match.Length == email.Address.Length
                && !FileEndings.Any(ending => email.Address.EndsWith(ending, StringComparison.Ordinal)))
            .DistinctBy(email => email.Address).Take(MaxEmails)
            .Select(email => new FoundEmail(email.Address, email.Means)),
    ];

    // Cloudflare hides addresses as hexadecimal bytes, each xor the first.
    static string Unprotect(string code)
    {
        if (code.Length % 2 != 0 || code.Length < 4 || !code.All(char.IsAsciiHexDigit)) return "";
        var bytes = Convert.FromHexString(code);
        return string.Concat(bytes.Skip(1).Select(b => (char)(b ^ bytes[0])));
    }

    static string[] Phones(IHtmlDocument document) =>
    [
        .. document.QuerySelectorAll("a[href^='tel:' i]")
            .Select(link => Unescaped(link.GetAttribute("href")!["tel:".Length..]).Trim())
            .Where(number => number.Count(char.IsAsciiDigit) >= 5).Distinct(StringComparer.Ordinal),
    ];

    static ContactForm[] Forms(IHtmlDocument document, Uri baseUrl)
    {
        List<ContactForm> forms = [];
        foreach (var form in document.QuerySelectorAll("form"))
        {
            // A form with a password is a login, and nothing behind a login is touched.
            if (form.QuerySelector("input[type=password i]") is not null) continue;
            var fields = form.QuerySelectorAll("input[name], textarea[name], select[name]")
                .Select(field => field.GetAttribute("name")!).ToArray();
            var asksForMail = form.QuerySelector("input[type=email i]") is not null
                || fields.Any(name => name.Contains("mail", StringComparison.OrdinalIgnoreCase));
            if (asksForMail && form.QuerySelector("textarea") is not null
                && Uri.TryCreate(baseUrl, form.GetAttribute("action") ?? "", out var action))
                forms.Add(new ContactForm(action, fields));
        }

        return [.. forms];
    }

    static string[] Profiles(IHtmlDocument document) =>
    [
        .. document.QuerySelectorAll("a[href*='linkedin.com/']").Select(link => link.GetAttribute("href")!)
            .Where(href => href.Contains("/in/", StringComparison.Ordinal)
                || href.Contains("/company/", StringComparison.Ordinal))
            .Select(href => Spelling.LinkedIn(href.Split('?', '#')[0], "company")).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    static Uri[] Links(IHtmlDocument document, Uri baseUrl, Uri address)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { address.GetLeftPart(UriPartial.Query) };
        List<(int Worth, Uri Link)> links = [];
        foreach (var element in document.QuerySelectorAll("a[href]").Take(MaxLinks))
        {
            if (element.GetAttribute("rel")?.Contains("nofollow", StringComparison.OrdinalIgnoreCase) == true)
                continue;
            if (!Uri.TryCreate(baseUrl, element.GetAttribute("href"), out var link)
                || link.Scheme is not ("http" or "https") || !IsSameSite(link, address)
                || !seen.Add(link.GetLeftPart(UriPartial.Query))) continue;
            links.Add((Worth(link, element.TextContent), new Uri(link.GetLeftPart(UriPartial.Query))));
        }

        return [.. links.Where(link => link.Worth >= 0).OrderByDescending(link => link.Worth)
            .Select(link => link.Link)];
    }

    static bool IsSameSite(Uri link, Uri address) =>
        link.Port == address.Port && Spelling.Domain(link.Host) is { } there
            ? there == Spelling.Domain(address.Host)
            : link.Authority == address.Authority;

    // Minus one for what must not or need not be read.
    static int Worth(Uri link, string text)
    {
        var path = link.AbsolutePath.ToLowerInvariant();
        if (NotWanted().IsMatch(path)) return -1;
        var place = Array.FindIndex(ContactWords, path.Contains);
        if (place < 0)
            place = Array.FindIndex(ContactWords, word =>
                text.Contains(word, StringComparison.OrdinalIgnoreCase));
        return place < 0 ? 0 : ContactWords.Length - place;
    }

    static Uri BaseOf(IHtmlDocument document, Uri address) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } href
        && Uri.TryCreate(address, href, out var url) && url.Scheme is "http" or "https"
            ? url
            : address;

    static string Unescaped(string text) => Uri.UnescapeDataString(text);

    [GeneratedRegex(
        @"[A-Za-z0-9._%+'-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?<name>[A-Za-z0-9._%+-]{1,64})\s*[\[\(\{<]\s*(at|@|ät)\s*[\]\)\}>]\s*"
        + @"(?<domain>[A-Za-z0-9-]{1,63}"
        + @"(\s*([\[\(\{<]\s*(dot|punkt|\.)\s*[\]\)\}>]|\.)\s*[A-Za-z0-9-]{2,63}){1,4})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Obfuscated();

    [GeneratedRegex(
        @"\s*[\[\(\{<]\s*(dot|punkt|\.)\s*[\]\)\}>]\s*",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Dot();

    [GeneratedRegex(
        @"(/(log-?in|sign-?in|sign-?up|register|account|cart|checkout|logout|wp-admin|wp-login)(/|\.|$))"
        + @"|\.(pdf|zip|png|jpe?g|gif|svg|webp|mp4|mp3|docx?|xlsx?|pptx?|css|js|ico|xml|gz)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NotWanted();
}
