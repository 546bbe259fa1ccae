using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Overture.Providers.SecEdgar;

/// <summary>
/// Reads a Form D: <c>primary_doc.xml</c>, or the same inside a full submission text (also in a PEM or
/// <c>.nc</c> wrapper). Elements may be absent, unknown and in any order.
/// </summary>
public static class FormDReader
{
    const int MaxCharacters = 20_000_000;

    static readonly (string Element, string Name)[] SecurityTypes =
    [
        ("isEquityType", "equity"), ("isDebtType", "debt"), ("isOptionToAcquireType", "option"),
        ("isSecurityToBeAcquiredType", "convertible"), ("isPooledInvestmentFundType", "pooled_fund"),
        ("isTenantInCommonType", "tenant_in_common"), ("isMineralPropertyType", "mineral"),
        ("isOtherType", "other"),
    ];

    /// <summary>Reads the filing.</summary>
    /// <exception cref="MalformedAnswerException">
    /// It is a web page, cut off, no XML, or XML of another kind; the message says which.
    /// </exception>
    public static FormDFiling Read(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var (document, header) = SubmissionText.Unwrap(body);
        var root = Load(document);
        if (root.Name.LocalName != "edgarSubmission")
            throw new MalformedAnswerException(
                $"the document's root is <{root.Name.LocalName}>, not <edgarSubmission>");
        var issuer = root.Child("primaryIssuer")
            ?? throw new MalformedAnswerException("the filing names no issuer: <primaryIssuer> is missing");
        return Filing(root, issuer, header);
    }

    static XElement Load(ReadOnlyMemory<byte> document)
    {
        if (StartsLikeHtml(document.Span))
            throw new MalformedAnswerException(
                "a web page came instead of the XML; the rendered form lives below xslFormDX01/, "
                + "the data one folder higher");
        try
        {
            return Load(XmlReader.Create(new MemoryStream(document.ToArray()), Settings()));
        }
        catch (XmlException e) when (e.Message.Contains("encoding", StringComparison.OrdinalIgnoreCase))
        {
            // Bytes that contradict the declared encoding are Windows-1252 in practice.
            return Reread(document);
        }
        catch (XmlException e)
        {
            throw new MalformedAnswerException($"the XML is broken or cut off: {e.Message}", e);
        }
    }

    static XElement Reread(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var text = new StringReader(Encoding.Latin1.GetString(document.Span));
            return Load(XmlReader.Create(text, Settings()));
        }
        catch (XmlException e)
        {
            throw new MalformedAnswerException($"the XML is broken or cut off: {e.Message}", e);
        }
    }

    static XElement Load(XmlReader reader)
    {
        using (reader) return XDocument.Load(reader).Root!;
    }

    static XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        CheckCharacters = false,
    };

    static bool StartsLikeHtml(ReadOnlySpan<byte> document)
    {
        const int looked = 200;
        var beginning = Encoding.ASCII.GetString(document[..Math.Min(looked, document.Length)]);
        return beginning.Contains("<html", StringComparison.OrdinalIgnoreCase)
            || beginning.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase);
    }

    static FormDFiling Filing(XElement root, XElement issuer, SubmissionHeader? header)
    {
        var offering = root.Child("offeringData");
        var amounts = offering.Child("offeringSalesAmounts");
        var investors = offering.Child("investors");
        var fees = offering.Child("salesCommissionsFindersFees");
        var kind = offering.Child("typeOfFiling");
        var firstSale = kind.Child("dateOfFirstSale");
        var industry = offering.Child("industryGroup");
        return new FormDFiling
        {
            SchemaVersion = root.Text("schemaVersion"),
            Form = root.Text("submissionType") ?? header?.Form ?? "D",
            IsLive = root.Text("testOrLive") is not { } mode
                || mode.Equals("LIVE", StringComparison.OrdinalIgnoreCase),
            Issuer = FormDParts.Issuer(issuer),
            CoIssuers = [.. root.Child("issuerList").Children("issuer").Select(FormDParts.Issuer)],
            RelatedPersons =
                [.. root.Child("relatedPersonsList").Children("relatedPersonInfo")
                    .Select(FormDParts.Person).OfType<RelatedPerson>()],
            IndustryGroup = industry.Text("industryGroupType"),
            FundType = industry.Child("investmentFundInfo").Text("investmentFundType"),
            IsRegisteredFund = industry.Child("investmentFundInfo").Flag("is40Act"),
            RevenueRange = offering.Child("issuerSize").Text("revenueRange"),
            NetAssetValueRange = offering.Child("issuerSize").Text("aggregateNetAssetValueRange"),
            Exemptions = offering.Child("federalExemptionsExclusions").Texts("item"),
            IsAmendment = kind.Child("newOrAmendment").Flag("isAmendment")
                ?? root.Text("submissionType") == "D/A",
            PreviousAccession = kind.Child("newOrAmendment").Text("previousAccessionNumber"),
            FirstSaleOn = firstSale.Date("value"),
            IsFirstSaleToCome = firstSale.Flag("yetToOccur") ?? false,
            LastsOverOneYear = offering.Child("durationOfOffering").Flag("moreThanOneYear"),
            Securities = Securities(offering.Child("typesOfSecuritiesOffered")),
            OtherSecurity = offering.Child("typesOfSecuritiesOffered").Text("descriptionOfOtherType"),
            IsBusinessCombination =
                offering.Child("businessCombinationTransaction").Flag("isBusinessCombinationTransaction"),
            MinimumInvestment = offering.Money("minimumInvestmentAccepted"),
            SalesRecipients =
                [.. offering.Child("salesCompensationList").Children("recipient")
                    .Select(FormDParts.Recipient).OfType<SalesRecipient>()],
            TotalOffering = amounts.Money("totalOfferingAmount"),
            IsOfferingIndefinite =
                "Indefinite".Equals(amounts.Text("totalOfferingAmount"), StringComparison.OrdinalIgnoreCase),
            TotalSold = amounts.Money("totalAmountSold"),
            TotalRemaining = amounts.Money("totalRemaining"),
            HasNonAccreditedInvestors = investors.Flag("hasNonAccreditedInvestors"),
            NonAccreditedInvestorCount = investors.Whole("numberNonAccreditedInvestors"),
            InvestorCount = investors.Whole("totalNumberAlreadyInvested"),
            SalesCommissions = fees.Child("salesCommissions").Money("dollarAmount"),
            FindersFees = fees.Child("findersFees").Money("dollarAmount"),
            ProceedsToInsiders = offering.Child("useOfProceeds").Child("grossProceedsUsed")
                .Money("dollarAmount"),
            Clarifications = Clarifications(offering),
            Signatures =
                [.. offering.Child("signatureBlock").Children("signature").Select(FormDParts.Signature)],
            Header = header,
        };
    }

    static string[] Securities(XElement? types) =>
        [.. SecurityTypes.Where(type => types.Flag(type.Element) == true).Select(type => type.Name)];

    static Dictionary<string, string> Clarifications(XElement? offering)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        Add("combination", "businessCombinationTransaction");
        Add("offering", "offeringSalesAmounts");
        Add("fees", "salesCommissionsFindersFees");
        Add("proceeds", "useOfProceeds");
        return found;

        void Add(string name, string element)
        {
            if (offering.Child(element).Text("clarificationOfResponse") is { } text) found[name] = text;
        }
    }
}
