using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Core.Tests.Pipeline;

[SupportedOSPlatform("linux")]
public sealed class LeadExportTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Formulas =>
    [
        "=1+1", "+43 1 2345", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x.example\";\"y\")", "'=1",
    ];

    [Theory]
    [MemberData(nameof(Formulas))]
    public async Task No_cell_begins_like_a_formula_and_our_own_import_reads_it_back(string title)
    {
        await using var test = await TestWorkspace.Create();
        await test.Import("Name,E-mail\nAnn,ann@a.example\n");
        await test.Do("update contacts set title = @title", new { title });

        foreach (var format in new[] { ExportFormat.Csv, ExportFormat.Xlsx })
        {
            var file = await Export(test, new LeadFilter(), format);
            var cells = CsvTable.Read(format == ExportFormat.Csv ? file : await AsCsv(file)).Rows[0].Cells;
            Assert.Equal("'" + title, cells[4]);
            Assert.DoesNotContain(cells, cell => cell.Length > 0 && "=+-@".Contains(cell[0]));
            Assert.Equal(title, CsvLine.Restored(cells[4]));
        }
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Xlsx)]
    public async Task Only_whom_the_filter_names_are_written_in_its_order(ExportFormat format)
    {
        await using var test = await TestWorkspace.Create();
        await test.Import(
            "Name,E-mail,Industry,Company\nZoë,zoe@a.example,Software,\"Ö, \"\"A\"\" & Co\"\n"
            + "Ann,ann@a.example,Software,Beta\nBo,bo@a.example,Farming,Gamma\nCy,,Software,Delta\n");
        var filter = new LeadFilter { Industry = "Software", HasEmail = true, Sort = LeadSort.Name };

        var file = await Export(test, filter, format);

        Assert.Equal(["Ann", "Zoë"], await Names(file, format));
        Assert.Equal(["Zoë"], await Names(await Export(test, filter, format,
            [await test.Ask<long>("select l.id from leads l join contacts c on c.id = l.contact_id "
                + "where c.full_name = 'Zoë'")]), format));
        Assert.Empty(await Names(await Export(test, filter with { Search = "nobody" }, format), format));
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Xlsx)]
    public async Task An_export_is_taken_in_elsewhere_with_everything_it_holds(ExportFormat format)
    {
        await using var test = await TestWorkspace.Create();
        await test.Import(
            "Name,E-mail,Job title,Phone,City,Country,Company,Website,Industry,Employees\n"
            + "Zoë Lang,zoe@a.example,\"Head, of \"\"it\"\"\",+43 1 23,Graz,Austria,Ö & Co,https://a.example,"
            + "Software,25\n");
        var file = await Export(test, new LeadFilter(), format);
        await using var other = await TestWorkspace.Create();
        var imports = other.Get<Imports>();

        var id = await imports.Upload(other.Id, $"leads.{format}", file, "Ada", Cancel);
        await other.Work(await imports.Start(other.Id, id, "Ada", Cancel));

        const string Everything =
            "select concat_ws('|', c.full_name, c.email, c.title, c.phone, c.city, c.country, o.name, "
            + "o.domain, o.industry, o.employee_count) "
            + "from contacts c join companies o on o.id = c.company_id";
        Assert.Equal(await test.Ask<string>(Everything), await other.Ask<string>(Everything));
        Assert.Contains("|+43 1 23|", await other.Ask<string>(Everything));
    }

    [Fact]
    public async Task More_leads_than_one_page_are_written_once_each()
    {
        await using var test = await TestWorkspace.Create();
        var rows = string.Concat(Enumerable.Range(0, 2_100).Select(at => $"N{at % 7},n{at}@a.example\n"));
        await test.Import("Name,E-mail\n" + rows);

        var file = await Export(test, new LeadFilter { Sort = LeadSort.Name }, ExportFormat.Json);

        var names = await Names(file, ExportFormat.Json);

        Assert.Equal(2_100, names.Count);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    static async Task<byte[]> Export(
        TestWorkspace test, LeadFilter filter, ExportFormat format, IReadOnlyList<long>? ids = null)
    {
        using var file = new MemoryStream();
        await test.Get<LeadExport>().Write(test.Id, new LeadSelection(filter, ids), format, file, Cancel);
        return file.ToArray();
    }

    static async Task<IReadOnlyList<string>> Names(byte[] file, ExportFormat format)
    {
        if (format == ExportFormat.Json)
        {
            using var json = JsonDocument.Parse(file);
            return [.. json.RootElement.EnumerateArray()
                .Select(lead => lead.GetProperty("full_name").GetString()!)];
        }

        var text = Encoding.UTF8.GetString(format == ExportFormat.Csv ? file : await AsCsv(file));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(',')[0].Trim('"'))];
    }

    internal static async Task<byte[]> AsCsv(byte[] workbook)
    {
        using var text = new MemoryStream();
        await WorkbookReader.WriteCsv(new MemoryStream(workbook), text, Cancel);
        return text.ToArray();
    }
}
