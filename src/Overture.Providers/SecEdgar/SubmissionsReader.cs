namespace Overture.Providers.SecEdgar;

/// <summary>Reads submissions JSON, whose filings are stored column by column.</summary>
public static class SubmissionsReader
{
    /// <summary>Reads <c>CIK##########.json</c>.</summary>
    /// <exception cref="MalformedAnswerException">It is no such document.</exception>
    public static Submissions Read(byte[] body)
    {
        var root = Loose.ParseObject(body);
        var cik = FormDParts.Cik(root["cik"].Text?.TrimStart('0'))
            ?? throw new MalformedAnswerException("the submissions name no CIK");
        var address = root["addresses"]["business"];
        return new Submissions(cik, root["name"].Text)
        {
            EntityType = root["entityType"].Text,
            Sic = root["sic"].Text,
            SicDescription = root["sicDescription"].Text,
            Tickers = root["tickers"].Texts,
            Website = root["website"].Text,
            Phone = root["phone"].Text,
            StateOfIncorporation = root["stateOfIncorporation"].Text,
            BusinessAddress = address.IsObject
                ? new FormDAddress(
                    address["street1"].Text, address["street2"].Text, address["city"].Text,
                    address["stateOrCountry"].Text, address["stateOrCountryDescription"].Text,
                    address["zipCode"].Text)
                : null,
            FormerNames =
                [.. root["formerNames"].Items.Select(former => former["name"].Text).OfType<string>()],
            Filings = Rows(root["filings"]["recent"]),
            OlderPages =
                [.. root["filings"]["files"].Items.Select(file => file["name"].Text).OfType<string>()],
        };
    }

    /// <summary>Reads a page of older filings, which is the bare columns.</summary>
    /// <exception cref="MalformedAnswerException">It is no such document.</exception>
    public static IReadOnlyList<SubmittedFiling> ReadPage(byte[] body)
    {
        var root = Loose.ParseObject(body);
        return root["accessionNumber"].IsList
            ? Rows(root)
            : throw new MalformedAnswerException("the page has no accession numbers");
    }

    static SubmittedFiling[] Rows(Loose columns)
    {
        var forms = columns["form"].Items.ToArray();
        var days = columns["filingDate"].Items.ToArray();
        var numbers = columns["fileNumber"].Items.ToArray();
        var documents = columns["primaryDocument"].Items.ToArray();
        return
        [
            .. columns["accessionNumber"].Items.Select((accession, row) => accession.Text is { } identity
                ? new SubmittedFiling(
                    identity, At(forms, row).Text, At(days, row).Date, At(numbers, row).Text,
                    WithoutRendering(At(documents, row).Text))
                : null).OfType<SubmittedFiling>(),
        ];
    }

    static Loose At(Loose[] column, int row) => row < column.Length ? column[row] : default;

    static string? WithoutRendering(string? path) =>
        path is not null && path.StartsWith("xsl", StringComparison.Ordinal)
            ? path[(path.IndexOf('/') + 1)..]
            : path;
}
