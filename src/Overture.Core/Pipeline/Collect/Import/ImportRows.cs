using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// Takes the rows of one file in, one after the other, and keeps the report. The check and the run share it.
/// </summary>
sealed class ImportRows(Import import, CsvTable table, Intake intake)
{
    readonly RowReader reader = new(import.FileName, table.Columns, import.MappingOf());
    readonly HashSet<string> met = new(StringComparer.Ordinal);

    /// <summary>Rows taken in by an earlier run: read again only to know who was in them.</summary>
    public void Meet(IEnumerable<CsvRow> rows)
    {
        foreach (var row in rows) met.UnionWith(reader.Read(row).Keys);
    }

    public async Task<ImportReport> Take(
        Session session, CsvRow row, ImportReport report, CancellationToken cancel)
    {
        var read = reader.Read(row);
        report = report.With(read.Problems);
        if (read.Leads.Count == 0) return report with { Invalid = report.Invalid + 1 };
        var isDuplicate = read.Keys.All(met.Contains);
        met.UnionWith(read.Keys);
        foreach (var lead in read.Leads)
            report = report.With(await intake.Take(session, lead, import.DuplicateRule, cancel));
        return report with
        {
            Imported = report.Imported + 1,
            DuplicatesInFile = report.DuplicatesInFile + (isDuplicate ? 1 : 0),
            RoleAddresses = report.RoleAddresses + (read.IsRoleAddress ? 1 : 0),
        };
    }
}
