using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Workbooks as Excel, LibreOffice and hostile hands write them.</summary>
[SupportedOSPlatform("linux")]
public sealed class WorkbookReaderTests
{
    const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shared_strings_are_looked_up_and_their_runs_are_joined()
    {
        var csv = await Read(
            """<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>""",
            shared: "<si><t>Zoë &amp; Co</t></si>"
                + "<si><r><t xml:space=\"preserve\">Ann </t></r><r><rPr><b/></rPr><t>Lee</t></r>"
                + "<rPh sb=\"0\" eb=\"1\"><t>phonetic</t></rPh></si>");
        Assert.Equal("\"Ann Lee\",\"Zoë & Co\"\n", csv);
    }

    [Fact]
    public async Task Numbers_stay_numbers_and_dates_become_days()
    {
        var csv = await Read(
            """
            <row r="1"><c r="A1"><v>43660123456</v></c><c r="B1"><v>4.366012E10</v></c>
            <c r="C1"><v>0.5</v></c><c r="D1" s="1"><v>45292</v></c><c r="E1" s="2"><v>45292.75</v></c>
            <c r="F1" s="3"><v>45292</v></c>
            <c r="G1" t="d"><v>2024-01-01</v></c><c r="H1" t="b"><v>1</v></c></row>
            """,
            styles: """
            <numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="2"/></cellXfs>
            """);
        Assert.Equal(
            "\"43660123456\",\"43660120000\",\"0.5\",\"2024-01-01\",\"2024-01-01 18:00\",\"45292\","
            + "\"2024-01-01\",\"true\"\n", csv);
    }

    [Fact]
    public async Task A_formula_is_read_as_its_last_value_and_an_error_as_nothing()
    {
        var csv = await Read(
            """
            <row r="1"><c r="A1" t="str"><f>A2&amp;"x"</f><v>Ann</v></c><c r="B1"><f>1+1</f><v>2</v></c>
            <c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1"><f>NOW()</f></c></row>
            """);
        Assert.Equal("\"Ann\",\"2\",\"\",\"\"\n", csv);
    }

    [Fact]
    public async Task Rows_and_cells_that_are_left_out_keep_their_places()
    {
        var csv = await Read(
            """
            <row r="2"><c r="B2" t="inlineStr"><is><t>b2</t></is></c><c r="D2"><v>4</v></c></row>
            <row r="3"/><row r="5"><c t="inlineStr"><is><t>a "quoted"&#10;line</t></is></c></row>
            """);
        Assert.Equal("\n\"\",\"b2\",\"\",\"4\"\n\n\n\"a \"\"quoted\"\" line\"\n", csv);
    }

    [Fact]
    public async Task The_first_sheet_that_is_shown_is_read()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "xl/workbook.xml",
                $"""
                <workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets>
                <sheet name="Hidden" state="hidden" r:id="a"/><sheet name="People" r:id="b"/></sheets>
                </workbook>
                """);
            Add(archive, "xl/_rels/workbook.xml.rels",
                """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="a" Target="worksheets/one.xml"/>
                <Relationship Id="b" Target="/xl/worksheets/two.xml"/></Relationships>
                """);
            Add(archive, "xl/worksheets/one.xml", Sheet("<row><c><v>1</v></c></row>"));
            Add(archive, "xl/worksheets/two.xml", Sheet("<row><c><v>2</v></c></row>"));
        }

        using var text = new MemoryStream();
        file.Position = 0;
        Assert.Equal("People", await WorkbookReader.WriteCsv(file, text, Cancel));
        Assert.Equal("\"2\"\n", Encoding.UTF8.GetString(text.ToArray()));
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "an entity", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet>&e;</worksheet>" },
        { "broken XML", "<worksheet><sheetData><row>" },
        { "no sheet", "" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_is_no_sheet_is_refused_in_one_sentence(string what, string sheet)
    {
        using var file = Workbook(sheet, "", "");
        var refused = await Assert.ThrowsAsync<RuleBroken>(
            () => WorkbookReader.WriteCsv(file, new MemoryStream(), Cancel));
        Assert.Equal("not_text", refused.Code);
        Assert.NotEqual("", what);
    }

    [Fact]
    public async Task What_our_own_writer_writes_is_read_back_cell_by_cell()
    {
        using var file = new MemoryStream();
        string?[][] rows =
        [
            ["Zoë & <Co>", " two  blanks ", null, "a\"b", "😀"],
            ["", "x\u0001y", "1e5", "2024-01-01", "'quoted"],
        ];
        await using (var writer = new WorkbookWriter(file))
        {
            await writer.Begin(["A", "B", "C", "D", "E"], Cancel);
            foreach (var row in rows) await writer.Add(new ExportedLead(), row, Cancel);
        }

        var csv = Encoding.UTF8.GetString(await LeadExportTests.AsCsv(file.ToArray()));
        Assert.Equal(
            "\"A\",\"B\",\"C\",\"D\",\"E\"\n\"Zoë & <Co>\",\" two  blanks \",\"\",\"a\"\"b\",\"😀\"\n"
            + "\"\",\"xy\",\"1e5\",\"2024-01-01\",\"'quoted\"\n", csv);
    }

    static async Task<string> Read(string rows, string shared = "", string styles = "")
    {
        using var file = Workbook(Sheet(rows), shared, styles);
        using var text = new MemoryStream();
        await WorkbookReader.WriteCsv(file, text, Cancel);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    static string Sheet(string rows) =>
        $"""<worksheet xmlns="{Main}"><sheetData>{rows}</sheetData></worksheet>""";

    static MemoryStream Workbook(string sheet, string shared, string styles)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "xl/workbook.xml",
                $"""
                <workbook xmlns="{Main}" xmlns:r="{Relations}">
                <sheets><sheet name="S" r:id="a"/></sheets></workbook>
                """);
            Add(archive, "xl/_rels/workbook.xml.rels",
                """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>
                """);
            if (sheet.Length > 0) Add(archive, "xl/worksheets/sheet1.xml", sheet);
            if (shared.Length > 0)
                Add(archive, "xl/sharedStrings.xml", $"""<sst xmlns="{Main}">{shared}</sst>""");
            if (styles.Length > 0)
                Add(archive, "xl/styles.xml", $"""<styleSheet xmlns="{Main}">{styles}</styleSheet>""");
        }

        file.Position = 0;
        return file;
    }

    static void Add(ZipArchive archive, string path, string content)
    {
        using var part = new StreamWriter(archive.CreateEntry(path).Open());
        part.Write(content);
    }
}
