using Overture.Core.Data;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>Rows of a file as they were read, ready to be taken in together.</summary>
sealed record RowBatch(int Number, IReadOnlyList<ReadRow> Rows, IReadOnlyList<bool> AreDuplicates);

/// <summary>A batch that was written: what it adds to the report, and how its leads are listed.</summary>
sealed record TakenBatch(int Number, ImportReport Report, Lazy<LeadListing> Listing);

/// <summary>
/// Reads a file in batches, and takes them in. The check and the run share it, and so say the same.
/// </summary>
sealed class ImportRows(
    Import import, CsvLayout layout, Stream content, BulkIntake intake, TimeProvider time)
{
    /// <summary>Small ones first: something is to be seen soon, and a long file goes at full speed.</summary>
    const int FirstBatchRows = 250;

    const int LastBatchRows = 4_000;

    readonly CsvRows rows = new(content, layout.Delimiter);
    readonly RowReader reader = new(layout.Columns, import.MappingOf());
    readonly HashSet<ulong> met = [];
    int batches;

    /// <summary>The next rows, at most so many; null at the end of the file.</summary>
    public async Task<RowBatch?> Next(long most, CancellationToken cancel)
    {
        var size = Math.Min(SizeOf(batches), most);
        var read = new List<ReadRow>((int)size);
        var duplicates = new List<bool>((int)size);
        while (read.Count < size && await rows.Read(cancel))
        {
            if (rows.Line <= layout.HeaderLine || rows.IsBlank) continue;
            var row = reader.Read(rows);
            var isKnown = row.Leads.Count > 0;
            foreach (var lead in row.Leads) isKnown &= !met.Add(RowReader.Key(lead));
            read.Add(row);
            duplicates.Add(isKnown);
        }

        return read.Count == 0 ? null : new RowBatch(batches++, read, duplicates);
    }

    /// <summary>Everything in the batch but the opening of its leads.</summary>
    public async Task<TakenBatch> Take(
        Session session, RowBatch batch, ImportReport report, CancellationToken cancel)
    {
        var found = batch.Rows.SelectMany(row => row.Leads).ToList();
        var result = await intake.Take(
            session, import.Id, batch.Number, ImportFile.Source, found, import.DuplicateRule, cancel);
        await Keep(session, import.Id, result, cancel);
        await DuplicateStore.Insert(session, result.Doubtful, time.GetUtcNow().UtcDateTime, cancel);
        return new TakenBatch(batch.Number, Sum(batch, result, report), result.Listing);
    }

    /// <summary>The record by which the batch can be taken back.</summary>
    public static async Task Keep(
        Session session, long importId, BulkResult result, CancellationToken cancel)
    {
        var number = result.Batch.Number;
        await ImportBatchStore.Insert(session, importId, result.Batch, cancel);
        await ImportMentionStore.Insert(
            session, importId, number, MentionKind.Company, result.Companies, cancel);
        await ImportMentionStore.Insert(
            session, importId, number, MentionKind.Contact, result.Contacts, cancel);
    }

    /// <summary>Nothing of the last batch was kept.</summary>
    public void Forget() => intake.Forget();

    static int SizeOf(int number) =>
        number >= 5 ? LastBatchRows : Math.Min(FirstBatchRows << number, LastBatchRows);

    static ImportReport Sum(RowBatch batch, BulkResult result, ImportReport report)
    {
        var counts = new RowCounts();
        var at = 0;
        for (var row = 0; row < batch.Rows.Count; row++)
        {
            var read = batch.Rows[row];
            report = report.With(read.Problems);
            var effects = result.Results.AsSpan(at, read.Leads.Count);
            at += read.Leads.Count;
            counts.Add(read, effects, batch.AreDuplicates[row]);
        }

        return counts.AddTo(report, result.Doubtful.Count);
    }
}
