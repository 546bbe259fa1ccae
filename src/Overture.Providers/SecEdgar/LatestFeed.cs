using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// Reads the Atom feed of latest filings (RFC 4287); other forms than D and D/A are left out.
/// </summary>
public static partial class LatestFeed
{
    const int MaxCharacters = 8_000_000;

    /// <summary>Reads the feed.</summary>
    /// <exception cref="MalformedAnswerException">It is no Atom feed.</exception>
    public static IReadOnlyList<LatestFiling> Read(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null,
            MaxCharactersInDocument = MaxCharacters,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), settings);
            var root = XDocument.Load(reader).Root!;
            return root.Name.LocalName == "feed"
                ? [.. root.Children("entry").Select(Entry).OfType<LatestFiling>()]
                : throw new MalformedAnswerException(
                    $"the document's root is <{root.Name.LocalName}>, not <feed>");
        }
        catch (XmlException e)
        {
            throw new MalformedAnswerException($"the feed is broken or cut off: {e.Message}", e);
        }
    }

    // The feed matches forms by prefix, so the category decides. A filing by several issuers is listed per
    // issuer.
    static LatestFiling? Entry(XElement entry)
    {
        var form = entry.Child("category")?.Attribute("term")?.Value.Trim();
        var accession = Accession().Match(entry.Text("id") ?? "");
        if (form is not ("D" or "D/A") || !accession.Success) return null;
        var title = Title().Match(entry.Text("title") ?? "");
        var filed = Filed().Match(entry.Text("summary") ?? "");
        return new LatestFiling(
            accession.Value, form,
            title.Success ? FormDParts.Cik(title.Groups["cik"].Value.TrimStart('0')) : null,
            title.Success ? title.Groups["name"].Value.Trim() : null,
            filed.Success
                && DateOnly.TryParse(filed.Groups["day"].Value, CultureInfo.InvariantCulture, out var day)
                ? day
                : null,
            DateTimeOffset.TryParse(entry.Text("updated"), CultureInfo.InvariantCulture, out var at)
                ? at.ToUniversalTime()
                : null,
            entry.Child("link")?.Attribute("href")?.Value);
    }

    [GeneratedRegex(@"\d{10}-\d{2}-\d{6}", RegexOptions.NonBacktracking)]
    private static partial Regex Accession();

    [GeneratedRegex(@"^D(?:/A)? - (?<name>.*) \((?<cik>\d{10})\)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Title();

    [GeneratedRegex(@"Filed:(</b>)?\s*(?<day>\d{4}-\d{2}-\d{2})",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Filed();
}
