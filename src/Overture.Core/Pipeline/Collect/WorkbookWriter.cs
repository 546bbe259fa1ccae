using System.IO.Compression;
using System.Text;
using System.Xml;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Writes an Excel workbook of one sheet row by row (ISO/IEC 29500, SpreadsheetML). Every cell is text and
/// made harmless, so that none is run as a formula, here or when somebody saves the sheet as CSV.
/// </summary>
sealed class WorkbookWriter : IExportWriter
{
    /// <summary>What one sheet may hold; further rows go to further sheets.</summary>
    const int MaxSheetRows = 1_000_000;

    const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const string Documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const string Packages = "http://schemas.openxmlformats.org/package/2006";
    const string Kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    readonly Stream output;
    readonly Outbox pending = new();
    readonly ZipArchive archive;
    IReadOnlyList<string> headers = [];
    XmlWriter? sheet;
    int sheets;
    int rows;

    public WorkbookWriter(Stream output)
    {
        this.output = output;
        archive = new ZipArchive(pending, ZipArchiveMode.Create, leaveOpen: true);
    }

    public async Task Begin(IReadOnlyList<string> headers, CancellationToken cancel)
    {
        this.headers = headers;
        BeginSheet();
        await Flush(cancel);
    }

    public async Task Add(ExportedLead lead, string?[] cells, CancellationToken cancel)
    {
        if (rows == MaxSheetRows)
        {
            EndSheet();
            BeginSheet();
        }

        Row(cells);
        await Flush(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        EndSheet();
        WriteParts();
        archive.Dispose();
        await Flush(CancellationToken.None);
        await pending.DisposeAsync();
    }

    // The archive writes without waiting; what it wrote goes on to the slow reader here.
    async Task Flush(CancellationToken cancel)
    {
        if (pending.Kept.Length == 0) return;
        await output.WriteAsync(pending.Kept.GetBuffer().AsMemory(0, (int)pending.Kept.Length), cancel);
        pending.Kept.SetLength(0);
    }

    void BeginSheet()
    {
        sheets++;
        rows = 0;
        var entry = archive.CreateEntry($"xl/worksheets/sheet{sheets}.xml", CompressionLevel.Fastest);
        sheet = XmlWriter.Create(entry.Open(), new XmlWriterSettings { CloseOutput = true });
        sheet.WriteStartElement("worksheet", Main);
        sheet.WriteStartElement("sheetData", Main);
        Row(headers);
    }

    void EndSheet()
    {
        sheet?.WriteEndElement();
        sheet?.WriteEndElement();
        sheet?.Dispose();
        sheet = null;
    }

    void Row(IReadOnlyList<string?> cells)
    {
        rows++;
        sheet!.WriteStartElement("row", Main);
        foreach (var cell in cells)
        {
            sheet.WriteStartElement("c", Main);
            if (!string.IsNullOrEmpty(cell))
            {
                sheet.WriteAttributeString("t", "inlineStr");
                sheet.WriteStartElement("is", Main);
                sheet.WriteStartElement("t", Main);
                sheet.WriteAttributeString("xml", "space", null, "preserve");
                sheet.WriteString(Writable(CsvLine.Harmless(cell)));
                sheet.WriteEndElement();
                sheet.WriteEndElement();
            }

            sheet.WriteEndElement();
        }

        sheet.WriteEndElement();
    }

    void WriteParts()
    {
        var numbers = Enumerable.Range(1, sheets).ToList();
        Part("[Content_Types].xml",
            $"""<Types xmlns="{Packages}/content-types"><Default Extension="rels" """
            + """ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"""
            + $"""<Override PartName="/xl/workbook.xml" ContentType="{Kinds}sheet.main+xml"/>"""
            + string.Concat(numbers.Select(number =>
                $"""<Override PartName="/xl/worksheets/sheet{number}.xml" """
                + $"""ContentType="{Kinds}worksheet+xml"/>"""))
            + "</Types>");
        Part("_rels/.rels",
            $"""<Relationships xmlns="{Packages}/relationships"><Relationship Id="r1" """
            + $"""Type="{Documents}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
        Part("xl/workbook.xml",
            $"""<workbook xmlns="{Main}" xmlns:r="{Documents}"><sheets>"""
            + string.Concat(numbers.Select(number =>
                $"""<sheet name="Leads {number}" sheetId="{number}" r:id="s{number}"/>"""))
            + "</sheets></workbook>");
        Part("xl/_rels/workbook.xml.rels",
            $"""<Relationships xmlns="{Packages}/relationships">"""
            + string.Concat(numbers.Select(number =>
                $"""<Relationship Id="s{number}" Type="{Documents}/worksheet" """
                + $"""Target="worksheets/sheet{number}.xml"/>"""))
            + "</Relationships>");
    }

    void Part(string path, string content)
    {
        using var part = archive.CreateEntry(path, CompressionLevel.Fastest).Open();
        part.Write(Encoding.UTF8.GetBytes(
            """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + content));
    }

    static string Writable(string text) =>
        text.All(letter => XmlConvert.IsXmlChar(letter) || char.IsSurrogate(letter)) ? text
            : string.Concat(text.Where(letter => XmlConvert.IsXmlChar(letter) || char.IsSurrogate(letter)));

    /// <summary>Takes what the archive writes, and lets it never go back.</summary>
    sealed class Outbox : Stream
    {
        public MemoryStream Kept { get; } = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Kept.Write(buffer, offset, count);

        public override void Flush() => Kept.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
