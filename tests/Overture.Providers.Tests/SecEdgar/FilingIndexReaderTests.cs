using System.Text;
using Overture.Providers.SecEdgar;

namespace Overture.Providers.Tests.SecEdgar;

public class FilingIndexReaderTests
{
    const string Dashes = "--------------------------------------------------------------\n";

    [Fact]
    public void A_real_day_lists_its_Form_D_filings_exactly()
    {
        var file = TestOutbound.Data("providers/sec-edgar/index/form.20200318.idx");
        // Counted independently of the reader: lines whose first word is exactly D or D/A.
        var lines = File.ReadAllLines(file).SkipWhile(l => !l.StartsWith("----", StringComparison.Ordinal))
            .Skip(1)
            .Where(line => line.Length > 0).ToArray();
        var expected = lines.Count(line => line.Split(' ')[0] is "D" or "D/A");

        var index = FilingIndexReader.Read(File.ReadAllBytes(file));

        Assert.Equal(expected, index.Rows.Count);
        Assert.Equal(lines.Length, index.RowCount);
        Assert.Empty(index.Malformed);
        Assert.All(index.Rows, row => Assert.Equal(new DateOnly(2020, 3, 18), row.FiledOn));
        Assert.All(index.Rows, row => Assert.NotEmpty(row.CompanyName));
    }

    [Theory]
    [InlineData("badform.idx.txt", 10)]
    [InlineData("empty-form.idx", 0)]
    [InlineData("master.20181231.idx", 10)]
    [InlineData("master.quarterly-slice.idx", 13)]
    public void Recorded_indexes_of_every_kind_are_read(string name, int atLeast)
    {
        var index = FilingIndexReader.Read(
            File.ReadAllBytes(TestOutbound.Data("providers/sec-edgar/index/" + name)));

        Assert.True(index.RowCount >= atLeast, $"{index.RowCount} rows");
        Assert.Empty(index.Malformed);
        Assert.Empty(index.Rows);
    }

    [Fact]
    public void Only_D_and_its_amendment_are_taken()
    {
        var index = Read(
            "CIK|Company Name|Form Type|Date Filed|File Name\n" + Dashes
            + "1|A|D|20240102|edgar/data/1/0000000001-24-000001.txt\n"
            + "2|B|D/A|2024-01-02|edgar/data/2/0000000002-24-000002.txt\n"
            + "3|C|DEF 14A|20240102|edgar/data/3/0000000003-24-000003.txt\n"
            + "4|E|DRS|20240102|edgar/data/4/0000000004-24-000004.txt\n"
            + "5|F|REGDEX|1993-12-30|edgar/data/5/9999999997-02-056978.txt\n");

        Assert.Equal(["D", "D/A"], index.Rows.Select(row => row.Form));
        Assert.Equal(5, index.RowCount);
    }

    [Fact]
    public void Broken_rows_are_reported_with_their_line_and_do_no_harm()
    {
        var index = Read(
            "CIK|Company Name|Form Type|Date Filed|File Name\n" + Dashes
            + "1|A|D|20240102|edgar/data/1/0000000001-24-000001.txt\n"
            + "nonsense\n"
            + "x|B|D|20240102|edgar/data/2/0000000002-24-000002.txt\n"
            + "3|C|D|20241345|edgar/data/3/0000000003-24-000003.txt\n"
            + "4|D|D|20240102|edgar/data/4/");

        Assert.Single(index.Rows);
        Assert.Equal([4, 5, 6, 7], index.Malformed.Select(row => row.LineNumber));
        Assert.All(index.Malformed, row => Assert.NotEmpty(row.Reason));
    }

    [Fact]
    public void Shifted_columns_and_bars_in_names_are_read_from_both_ends()
    {
        var form = Read(
            "Form Type   Company Name   CIK   Date Filed  File Name\n" + Dashes
            + "D    A VERY LONG NAME OF A COMPANY THAT LEAVES NO ROOM AT ALL FOR 2 GAPS 820694 20240102 "
            + "edgar/data/820694/0000000001-24-000001.txt   \n");
        var master = Read(
            "CIK|Company Name|Form Type|Date Filed|File Name\n" + Dashes
            + "7|LEFT|RIGHT LLC|D|20240102|edgar/data/7/0000000007-24-000007.txt\n");

        Assert.Equal(820694, Assert.Single(form.Rows).Cik);
        Assert.Equal("A VERY LONG NAME OF A COMPANY THAT LEAVES NO ROOM AT ALL FOR 2 GAPS",
            form.Rows[0].CompanyName);
        Assert.Equal("LEFT|RIGHT LLC", Assert.Single(master.Rows).CompanyName);
    }

    [Fact]
    public void Old_encodings_are_read()
    {
        var bytes = Encoding.Latin1.GetBytes(
            "CIK|Company Name|Form Type|Date Filed|File Name\n" + Dashes
            + "1|Société Générale|D|20090316|edgar/data/1/0000000001-09-000001.txt\n");

        Assert.Equal("Société Générale", Assert.Single(FilingIndexReader.Read(bytes).Rows).CompanyName);
    }

    [Fact]
    public void A_filing_by_several_issuers_is_one_filing()
    {
        var index = Read(
            "CIK|Company Name|Form Type|Date Filed|File Name\n" + Dashes
            + "1|A|D|20240102|edgar/data/1/0000000001-24-000001.txt\n"
            + "2|B|D|20240102|edgar/data/2/0000000001-24-000001.txt\n"
            + "2|B|D|20240102|edgar/data/2/0000000002-24-000001.txt\n");

        var filings = FilingIndex.Distinct(index.Rows);

        Assert.Equal(2, filings.Count);
        Assert.Equal(["A", "B"], filings[0].Issuers.Select(issuer => issuer.Name));
    }

    [Theory]
    [InlineData("<html><title>x</title></html>")]
    [InlineData("")]
    [InlineData("some other text\nwithout rows\n")]
    public void What_is_no_index_is_refused(string text) =>
        Assert.Throws<MalformedAnswerException>(() => Read(text));

    static FilingIndex Read(string text) => FilingIndexReader.Read(Encoding.UTF8.GetBytes(text));
}
