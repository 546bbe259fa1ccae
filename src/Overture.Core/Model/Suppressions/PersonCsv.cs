using System.Text;
using System.Text.Json;

namespace Overture.Core.Model;

/// <summary>The copy of a person's data as a table: section, row, field, value.</summary>
public static class PersonCsv
{
    public static string Of(PersonExport export)
    {
        var csv = new StringBuilder("section,row,field,value\r\n");
        foreach (var section in export.Sections.EnumerateObject())
            foreach (var (number, row) in section.Value.EnumerateArray().Index())
                foreach (var field in row.EnumerateObject())
                    csv.Append(Cell(section.Name)).Append(',').Append(number + 1).Append(',')
                        .Append(Cell(field.Name)).Append(',').Append(Cell(field.Value.ToString())).Append("\r\n");
        return csv.ToString();
    }

    // A value that a spreadsheet would take for a formula is told to be text.
    static string Cell(string value)
    {
        var text = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return text.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
