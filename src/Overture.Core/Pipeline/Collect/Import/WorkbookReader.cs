using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Reads the first visible sheet of an Excel workbook (ISO/IEC 29500, SpreadsheetML) as lines of text, one
/// line for each row of the sheet, so that line and row numbers agree. Formulas are read as their last value.
/// </summary>
sealed class WorkbookReader
{
    const int MaxColumns = 500;
    const int MaxRowNumber = 1_048_576;

    /// <summary>Texts of the workbook are kept once each while its sheet is read.</summary>
    const long MaxSharedCharacters = 64 * 1024 * 1024;

    /// <summary>A small archive may unfold into more than any list of people.</summary>
    const long MaxUnfoldedBytes = 2L * 1024 * 1024 * 1024;

    static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    readonly ZipArchive archive;
    readonly List<string> shared = [];
    readonly List<bool> isDate = [];

    WorkbookReader(ZipArchive archive) => this.archive = archive;

    /// <summary>Writes the sheet as UTF-8 text and returns its name.</summary>
    public static async Task<string> WriteCsv(Stream workbook, Stream output, CancellationToken cancel)
    {
        try
        {
            using var archive = new ZipArchive(workbook, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Sum(entry => entry.Length) > MaxUnfoldedBytes)
                throw new RuleBroken(
                    "file_too_large", "The workbook unfolds into more than 2 GiB; save the sheet as CSV.",
                    "file");
            var reader = new WorkbookReader(archive);
            var (name, path) = reader.FirstSheet();
            reader.ReadShared();
            reader.ReadStyles();
            await using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
            await reader.WriteSheet(path, text, cancel);
            return name;
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FormatException)
        {
            throw new RuleBroken(
                "not_text",
                "The file is neither a text file nor a workbook of Excel that can be read. Save the sheet as "
                + "CSV and choose that file.", "file");
        }
    }

    (string Name, string Path) FirstSheet()
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var relations = Open("xl/_rels/workbook.xml.rels"))
            while (relations?.Read() == true)
                if (relations is { NodeType: XmlNodeType.Element, LocalName: "Relationship" })
                    targets[relations.GetAttribute("Id") ?? ""] = relations.GetAttribute("Target") ?? "";
        using var workbook = Open("xl/workbook.xml") ?? throw new InvalidDataException();
        while (workbook.Read())
            if (workbook is { NodeType: XmlNodeType.Element, LocalName: "sheet" }
                && workbook.GetAttribute("state") is null or "visible")
            {
                var relation = RelationOf(workbook);
                var target = targets.GetValueOrDefault(relation, "worksheets/sheet1.xml");
                return (workbook.GetAttribute("name") ?? "1",
                    target.StartsWith('/') ? target[1..] : "xl/" + target);
            }

        throw new InvalidDataException();
    }

    // The attribute is r:id; its namespace differs between the strict and the transitional form.
    static string RelationOf(XmlReader sheet)
    {
        var relation = "";
        for (var more = sheet.MoveToFirstAttribute(); more; more = sheet.MoveToNextAttribute())
            if (sheet.LocalName == "id" && sheet.Prefix.Length > 0) relation = sheet.Value;
        sheet.MoveToElement();
        return relation;
    }

    void ReadShared()
    {
        using var reader = Open("xl/sharedStrings.xml");
        var characters = 0L;
        while (reader?.Read() == true)
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "si" }) continue;
            var text = TextOf(reader);
            if ((characters += text.Length) > MaxSharedCharacters)
                throw new RuleBroken(
                    "file_too_large", "The workbook holds too much text; save the sheet as CSV.", "file");
            shared.Add(text);
        }
    }

    void ReadStyles()
    {
        using var reader = Open("xl/styles.xml");
        var dates = new HashSet<int>(Enumerable.Range(14, 9).Concat(Enumerable.Range(45, 3)));
        var isInFormats = false;
        while (reader?.Read() == true)
        {
            if (reader.LocalName == "cellXfs") isInFormats = reader.NodeType == XmlNodeType.Element;
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.LocalName == "numFmt" && Whole(reader.GetAttribute("numFmtId")) is { } id
                && (reader.GetAttribute("formatCode") ?? "")
                    .Contains('y', StringComparison.OrdinalIgnoreCase))
                dates.Add(id);
            if (reader.LocalName == "xf" && isInFormats)
                isDate.Add(dates.Contains(Whole(reader.GetAttribute("numFmtId")) ?? 0));
        }
    }

    async Task WriteSheet(string path, StreamWriter output, CancellationToken cancel)
    {
        using var reader = Open(path) ?? throw new InvalidDataException();
        var lines = 0;
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "row" }) continue;
            cancel.ThrowIfCancellationRequested();
            var number = Math.Clamp(Whole(reader.GetAttribute("r")) ?? lines + 1, lines + 1, MaxRowNumber);
            for (; lines < number - 1; lines++) await output.WriteAsync('\n');
            await output.WriteAsync(Line(Cells(reader)));
            lines++;
        }
    }

    List<string> Cells(XmlReader row)
    {
        var cells = new List<string>();
        if (row.IsEmptyElement) return cells;
        var depth = row.Depth;
        while (row.Read() && row.Depth > depth)
        {
            if (row is not { NodeType: XmlNodeType.Element, LocalName: "c" }) continue;
            var at = ColumnOf(row.GetAttribute("r")) ?? cells.Count;
            var text = Value(row);
            if (at >= MaxColumns) continue;
            while (cells.Count <= at) cells.Add("");
            cells[at] = text;
        }

        return cells;
    }

    string Value(XmlReader cell)
    {
        var kind = cell.GetAttribute("t");
        var style = Whole(cell.GetAttribute("s")) ?? 0;
        if (cell.IsEmptyElement) return "";
        if (kind == "inlineStr") return TextOf(cell);
        var depth = cell.Depth;
        var value = "";
        while (cell.Read() && cell.Depth > depth)
            if (cell is { NodeType: XmlNodeType.Element, LocalName: "v", IsEmptyElement: false })
                value = ValueText(cell);
        return kind switch
        {
            "s" => Whole(value) is { } at && at >= 0 && at < shared.Count ? shared[at] : "",
            "b" => value == "1" ? "true" : "false",
            "e" => "",
            "str" or "d" => value,
            _ => Number(value, style < isDate.Count && isDate[style]),
        };
    }

    static string ValueText(XmlReader element)
    {
        var text = new StringBuilder();
        var depth = element.Depth;
        while (element.Read() && element.Depth > depth)
            if (element.NodeType is XmlNodeType.Text or XmlNodeType.CDATA
                or XmlNodeType.SignificantWhitespace)
                text.Append(element.Value);
        return text.ToString();
    }

    // Runs of rich text are joined; phonetic hints (rPh) are not part of the text.
    static string TextOf(XmlReader element)
    {
        if (element.IsEmptyElement) return "";
        var text = new StringBuilder();
        var depth = element.Depth;
        while (element.Read() && element.Depth > depth)
        {
            if (element is { NodeType: XmlNodeType.Element, LocalName: "rPh" }) element.Skip();
            if (element is { NodeType: XmlNodeType.Element, LocalName: "t", IsEmptyElement: false })
                text.Append(ValueText(element));
        }

        return text.ToString();
    }

    // 4.3E10 is a telephone number, 45000 with a date's format a day.
    static string Number(string value, bool isDay)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return value;
        if (isDay && number is > 0 and < 2_958_466)
            return DateTime.FromOADate(number).ToString(
                number % 1 == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return Math.Abs(number) < 1e15
            ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : value;
    }

    static string Line(List<string> cells)
    {
        var line = new StringBuilder();
        foreach (var (at, cell) in cells.Index())
        {
            if (at > 0) line.Append(',');
            line.Append('"');
            foreach (var letter in cell) line.Append(letter switch
            {
                '"' => "\"\"",
                '\n' or '\r' or '\t' => " ",
                _ => letter.ToString(),
            });
            line.Append('"');
        }

        return line.Append('\n').ToString();
    }

    static int? ColumnOf(string? reference)
    {
        if (reference is null) return null;
        var column = 0;
        foreach (var letter in reference)
        {
            if (!char.IsAsciiLetter(letter)) break;
            column = Math.Min((column * 26) + (char.ToUpperInvariant(letter) - 'A') + 1, MaxRowNumber);
        }

        return column == 0 ? null : column - 1;
    }

    static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    XmlReader? Open(string path) =>
        archive.GetEntry(path) is { } entry ? XmlReader.Create(entry.Open(), Settings) : null;
}
