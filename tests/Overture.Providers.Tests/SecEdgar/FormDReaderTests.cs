using System.Text;
using System.Xml.Linq;
using Overture.Providers.SecEdgar;

namespace Overture.Providers.Tests.SecEdgar;

public class FormDReaderTests
{
    public static TheoryData<string> EveryFiling()
    {
        var data = new TheoryData<string>();
        foreach (var place in new[] { "form-d", "form-d-reconstructed" })
        {
            if (Overture.Testing.SharedData.PathOf("providers/sec-edgar/" + place) is not { } folder)
                continue;
            foreach (var file in Directory.EnumerateFiles(folder)
                .Where(f => !f.EndsWith(".html", StringComparison.Ordinal)))
                data.Add($"{place}/{Path.GetFileName(file)}");
        }

        if (data.Count == 0) data.Add("absent");
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryFiling))]
    public void Every_filing_reads_to_what_its_XML_says(string name)
    {
        var bytes = File.ReadAllBytes(TestOutbound.Data("providers/sec-edgar/" + name));

        var filing = FormDReader.Read(bytes);

        // The same facts, taken from the text by the dumbest means.
        var text = Encoding.UTF8.GetString(bytes);
        var xml = XElement.Parse(text[text.IndexOf("<edgarSubmission", StringComparison.Ordinal)..(
            text.IndexOf("</edgarSubmission>", StringComparison.Ordinal) + "</edgarSubmission>".Length)]);
        string? First(string element) =>
            xml.Descendants(element).FirstOrDefault()?.Value.Trim() is { Length: > 0 } v ? v : null;
        Assert.Equal(First("schemaVersion"), filing.SchemaVersion);
        Assert.Equal(First("submissionType"), filing.Form);
        Assert.Equal(First("entityName"), filing.Issuer.Name);
        Assert.Equal(long.Parse(First("cik")!), filing.Issuer.Cik);
        Assert.Equal(First("industryGroupType"), filing.IndustryGroup);
        Assert.Equal(First("revenueRange"), filing.RevenueRange);
        Assert.Equal(xml.Descendants("relatedPersonInfo").Count(), filing.RelatedPersons.Count);
        Assert.Equal(
            xml.Descendants("federalExemptionsExclusions").Elements("item").Count(), filing.Exemptions.Count);
        Assert.Equal(First("totalAmountSold"), filing.TotalSold?.ToString());
        Assert.Equal(First("totalOfferingAmount") == "Indefinite", filing.IsOfferingIndefinite);
        Assert.Equal(First("totalOfferingAmount") == "Indefinite"
            ? null
            : First("totalOfferingAmount"), filing.TotalOffering?.ToString());
        Assert.Equal(First("totalNumberAlreadyInvested"), filing.InvestorCount?.ToString());
        Assert.Equal(xml.Descendants("signature").Count(), filing.Signatures.Count);
        Assert.NotNull(filing.Signatures[0].SignedOn);
        Assert.Equal(filing.Form == "D/A", filing.IsAmendment);
    }

    [Fact]
    public void Clarifications_become_titles_and_companies_are_told_from_people()
    {
        var filing = FormDReader.Read(Filing("""
            <relatedPersonsList>
              <relatedPersonInfo>
                <relatedPersonName><firstName>Ann</firstName><middleName>B.</middleName>
                <lastName>Lee</lastName></relatedPersonName>
                <relatedPersonRelationshipList>
                <relationship>Executive Officer</relationship></relatedPersonRelationshipList>
                <relationshipClarification>Chief Financial Officer</relationshipClarification>
              </relatedPersonInfo>
              <relatedPersonInfo>
                <relatedPersonName><firstName>Bo</firstName><lastName>Trustman</lastName></relatedPersonName>
                <relatedPersonRelationshipList>
                <relationship>Director</relationship>
                <relationship>Promoter</relationship></relatedPersonRelationshipList>
              </relatedPersonInfo>
              <relatedPersonInfo>
                <relatedPersonName><firstName>N/A</firstName>
                <lastName>Alpha GP, LLC</lastName></relatedPersonName>
              </relatedPersonInfo>
              <relatedPersonInfo>
                <relatedPersonName><firstName>Beta Capital</firstName>
                <lastName>Management L.P.</lastName></relatedPersonName>
              </relatedPersonInfo>
              <relatedPersonInfo>
                <relatedPersonName><firstName>-</firstName>
                <lastName>Gamma Partners</lastName></relatedPersonName>
              </relatedPersonInfo>
            </relatedPersonsList>
            """));

        var people = filing.RelatedPersons;
        Assert.Equal(
            ["Chief Financial Officer", "Director, Promoter"], people.Take(2).Select(person => person.Title));
        Assert.Equal("Ann B. Lee", people[0].FullName);
        Assert.Equal([false, false, true, true, true], people.Select(person => person.IsEntity));
        Assert.Equal(
            ["Alpha GP, LLC", "Beta Capital Management L.P.", "Gamma Partners"],
            people.Skip(2).Select(person => person.FullName));
    }

    [Fact]
    public void Co_issuers_are_kept()
    {
        var filing = FormDReader.Read(Filing("""
            <issuerList><over100IssuerFlag>false</over100IssuerFlag>
              <issuer><cik>0000000002</cik><entityName>Second</entityName></issuer>
              <issuer><cik>0000000003</cik><entityName>Third</entityName></issuer>
            </issuerList>
            """));

        Assert.Equal([2L, 3L], filing.CoIssuers.Select(issuer => issuer.Cik!.Value));
    }

    [Fact]
    public void Indefinite_is_nothing_and_amounts_may_be_huge()
    {
        var filing = FormDReader.Read(Filing("""
            <offeringData><offeringSalesAmounts><totalOfferingAmount>Indefinite</totalOfferingAmount>
            <totalAmountSold>98765432109876</totalAmountSold></offeringSalesAmounts></offeringData>
            """));

        Assert.True(filing.IsOfferingIndefinite);
        Assert.Null(filing.TotalOffering);
        Assert.Null(filing.TotalRemaining);
        Assert.Equal(98765432109876m, filing.TotalSold);
    }

    [Theory]
    [InlineData("form-d/0000919574-09-006093-gabelli-pem.txt", "0000919574-09-006093", "2009-03-16")]
    [InlineData("form-d/0001968399-23-000002-hashnote.txt", "0001968399-23-000002", "2023-03-13")]
    [InlineData("form-d/0002002260-24-000001.nc", "0002002260-24-000001", "2024-01-11")]
    public void Wrapped_submissions_bring_their_header(string name, string accession, string filedOn)
    {
        var filing = FormDReader.Read(File.ReadAllBytes(TestOutbound.Data("providers/sec-edgar/" + name)));

        Assert.Equal(accession, filing.Header!.Accession);
        Assert.Equal(DateOnly.Parse(filedOn), filing.Header.FiledOn);
        Assert.StartsWith("021-", filing.Header.FileNumber, StringComparison.Ordinal);
        Assert.Equal(filing.Issuer.Cik, filing.Header.Cik);
    }

    [Fact]
    public void Blank_lines_byte_order_marks_and_false_encodings_are_tolerated()
    {
        var bytes = Encoding.Latin1.GetBytes(
            "\r\n \n<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<edgarSubmission><primaryIssuer><entityName>Zürich Café</entityName>"
            + "</primaryIssuer></edgarSubmission>");
        byte[] marked = [0xEF, 0xBB, 0xBF, .. Filing("")];

        Assert.Equal("Zürich Café", FormDReader.Read(bytes).Issuer.Name);
        Assert.Equal("One", FormDReader.Read(marked).Issuer.Name);
    }

    [Fact]
    public void The_rendered_form_is_refused_with_the_way_to_the_data()
    {
        var bytes = File.ReadAllBytes(
            TestOutbound.Data("providers/sec-edgar/form-d/0001968399-23-000002.xslFormDX01.html"));

        var refused = Assert.Throws<MalformedAnswerException>(() => FormDReader.Read(bytes));
        Assert.Contains("xslFormDX01", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_filing_is_refused_wherever_it_is_cut()
    {
        var bytes = Filing(
            "<offeringData><industryGroup><industryGroupType>Other</industryGroupType></industryGroup>"
            + "</offeringData>");

        for (var length = 0; length < bytes.Length; length += 7)
            Assert.Throws<MalformedAnswerException>(() => FormDReader.Read(bytes[..length]));
    }

    [Theory]
    [InlineData("<!DOCTYPE edgarSubmission [<!ENTITY a \"b\">]><edgarSubmission/>")]
    [InlineData("<Error><Code>NoSuchKey</Code></Error>")]
    [InlineData("<edgarSubmission></edgarSubmission>")]
    [InlineData("{\"json\":true}")]
    [InlineData("   \n ")]
    public void What_is_no_filing_is_refused(string text) =>
        Assert.Throws<MalformedAnswerException>(() => FormDReader.Read(Encoding.UTF8.GetBytes(text)));

    static byte[] Filing(string inner) => Encoding.UTF8.GetBytes(
        "<?xml version=\"1.0\"?>\n<edgarSubmission><submissionType>D</submissionType><primaryIssuer>"
        + "<cik>0000000001</cik><entityName>One</entityName></primaryIssuer>" + inner + "</edgarSubmission>");
}
