using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Overture.Providers.SecEdgar;

/// <summary>The repeated parts of a Form D.</summary>
static partial class FormDParts
{
    public static FormDIssuer Issuer(XElement issuer)
    {
        var year = issuer.Child("yearOfInc");
        var entityType = issuer.Text("entityType");
        return new FormDIssuer(Cik(issuer.Text("cik")), issuer.Text("entityName") ?? "")
        {
            Address = Address(issuer.Child("issuerAddress")),
            Phone = Filled(issuer.Text("issuerPhoneNumber")),
            Jurisdiction = issuer.Text("jurisdictionOfInc"),
            EntityType = entityType == "Other"
                ? issuer.Text("entityTypeOtherDesc") ?? entityType
                : entityType,
            YearOfIncorporation = year.Whole("value") is { } value and > 1600 and < 3000 ? (int)value : null,
            Age = year.Flag("overFiveYears") == true
                ? "over_five_years"
                : year.Flag("withinFiveYears") == true ? "within_five_years"
                : year.Flag("yetToBeFormed") == true ? "yet_to_be_formed" : null,
            PreviousNames =
            [
                .. PreviousNames(issuer.Child("issuerPreviousNameList"))
                    .Concat(PreviousNames(issuer.Child("edgarPreviousNameList")))
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ],
        };
    }

    public static RelatedPerson? Person(XElement info)
    {
        var name = info.Child("relatedPersonName");
        var first = Filled(name.Text("firstName"));
        var last = Filled(name.Text("lastName"));
        var middle = Filled(name.Text("middleName"));
        if (first is null && last is null) return null;
        // A company stands in the family name beside a placeholder, or is split over both fields.
        var isEntity = first is null || LegalForm().IsMatch(last ?? first);
        return new RelatedPerson
        {
            FirstName = isEntity ? null : first,
            MiddleName = isEntity ? null : middle,
            LastName = isEntity
                ? string.Join(' ', new[] { first, middle, last }.OfType<string>())
                : last ?? "",
            IsEntity = isEntity,
            Address = Address(info.Child("relatedPersonAddress")),
            Relationships = info.Child("relatedPersonRelationshipList").Texts("relationship"),
            Clarification = Filled(info.Text("relationshipClarification")),
        };
    }

    public static SalesRecipient? Recipient(XElement recipient)
    {
        if (Filled(recipient.Text("recipientName")) is not { } name) return null;
        var states = recipient.Child("statesOfSolicitationList");
        return new SalesRecipient(
            name, Filled(recipient.Text("recipientCRDNumber")), Filled(recipient.Text("associatedBDName")),
            Filled(recipient.Text("associatedBDCRDNumber")), Address(recipient.Child("recipientAddress")),
            [.. states.Texts("state").Concat(states.Texts("value"))], recipient.Flag("foreignSolicitation"));
    }

    public static FormDSignature Signature(XElement signature) => new(
        signature.Text("issuerName"), signature.Text("signatureName"), signature.Text("nameOfSigner"),
        signature.Text("signatureTitle"), signature.Date("signatureDate"));

    public static long? Cik(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cik) && cik > 0
            ? cik
            : null;

    static FormDAddress? Address(XElement? address) => address is null
        ? null
        : new FormDAddress(
            address.Text("street1"), address.Text("street2"), address.Text("city"),
            address.Text("stateOrCountry"),
            address.Text("stateOrCountryDescription"), address.Text("zipCode"));

    static IEnumerable<string> PreviousNames(XElement? list) =>
        list.Texts("value").Concat(list.Texts("previousName")).Select(Filled).OfType<string>();

    // Filers must put something into required fields, and what they put means nothing.
    static string? Filled(string? text) => text is null || Placeholder().IsMatch(text) ? null : text;

    [GeneratedRegex(
        @"^(n\.?\s*/?\s*a\.?|none|nil|null|not applicable|unknown|tbd|[-–—_.*/\\()\[\]#\s]*)$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(
        @"[\s,](l\.?\s?l\.?\s?c\.?|l\.?\s?l?\.?p\.?|inc\.?|incorporated|ltd\.?|limited|corp\.?|corporation|"
        + @"gmbh|s\.a\.?|s\.a\.r\.l\.?|sarl|plc|b\.v\.?|n\.v\.?|co\.|company|partnership|"
        + @"trust|fund|holdings|foundation)$|"
        + @"^(l\.?l\.?c\.?|l\.?p\.?|inc\.?|ltd\.?|corp\.?|gmbh)$",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex LegalForm();
}
