using System.Globalization;
using System.Text;
using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;

namespace Overture.Core.Pipeline;

public enum ExportFormat
{
    Csv,
    Json,
    Xlsx,
}

/// <summary>
/// Writes any filtered list of leads as a file, page by page, in the memory of one page. Our own import reads
/// every one of these columns back.
/// </summary>
public sealed class LeadExport(Database database)
{
    const int RowsAtOnce = 1_000;

    static readonly (string Header, Func<ExportedLead, string?> Value)[] Columns =
    [
        ("Full name", lead => lead.FullName), ("First name", lead => lead.FirstName),
        ("Last name", lead => lead.LastName), ("E-mail address", lead => lead.Email),
        ("Job title", lead => lead.Title), ("Phone", lead => lead.Phone),
        ("LinkedIn profile", lead => lead.LinkedInUrl), ("City", lead => lead.City),
        ("State or region", lead => lead.Region), ("Country", lead => lead.Country),
        ("Time zone", lead => lead.TimeZone), ("Company", lead => lead.Company),
        ("Company website", lead => lead.Website), ("Company on LinkedIn", lead => lead.CompanyLinkedIn),
        ("Industry", lead => lead.Industry), ("Description", lead => lead.Description),
        ("Employees", lead => Text(lead.EmployeeCount)), ("Year founded", lead => Text(lead.FoundedYear)),
        ("Money raised (US dollars)", lead => Text(lead.RaisedUsd)),
        ("Lead state", lead => lead.State.ToString().ToLowerInvariant()), ("Score", lead => Text(lead.Score)),
        ("Source", lead => lead.Source),
        ("Added", lead => lead.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("Overture lead", lead => Text(lead.Id)),
    ];

    public static string ContentType(ExportFormat format) => format switch
    {
        ExportFormat.Json => "application/json; charset=utf-8",
        ExportFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "text/csv; charset=utf-8",
    };

    /// <summary>Returns how many leads were written.</summary>
    public async Task<long> Write(
        long workspaceId, LeadSelection selection, ExportFormat format, Stream output,
        CancellationToken cancel)
    {
        await using IExportWriter writer = format switch
        {
            ExportFormat.Json => new JsonExport(output),
            ExportFormat.Xlsx => new WorkbookWriter(output),
            _ => new CsvExport(output),
        };
        await writer.Begin([.. Columns.Select(column => column.Header)], cancel);
        var count = 0L;
        await foreach (var lead in Rows(workspaceId, selection, cancel))
        {
            await writer.Add(lead, [.. Columns.Select(column => column.Value(lead))], cancel);
            count++;
        }

        return count;
    }

    async IAsyncEnumerable<ExportedLead> Rows(
        long workspaceId, LeadSelection selection,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        LeadCursor? after = null;
        while (true)
        {
            var page = await database.InWorkspace(
                workspaceId,
                async session =>
                {
                    var list = await LeadPageStore.Open(session, selection, RowsAtOnce, cancel);
                    var found = await list.Ids(after, RowsAtOnce, cancel);
                    return await LeadExportStore.Rows(session, found, cancel);
                },
                cancel);
            foreach (var lead in page) yield return lead;
            if (page.Count < RowsAtOnce) yield break;
            after = LeadExportStore.CursorOf(page[^1], selection.Filter.Sort);
        }
    }

    static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>A file that is written row by row.</summary>
interface IExportWriter : IAsyncDisposable
{
    Task Begin(IReadOnlyList<string> headers, CancellationToken cancel);

    Task Add(ExportedLead lead, string?[] cells, CancellationToken cancel);
}

sealed class CsvExport(Stream output) : IExportWriter
{
    // Spreadsheets take a file without the mark for the letters of the country.
    readonly StreamWriter text = new(output, new UTF8Encoding(true), leaveOpen: true);

    public Task Begin(IReadOnlyList<string> headers, CancellationToken cancel) =>
        text.WriteAsync(CsvLine.Of([.. headers]));

    public Task Add(ExportedLead lead, string?[] cells, CancellationToken cancel) =>
        text.WriteAsync(CsvLine.Of(cells));

    public ValueTask DisposeAsync() => text.DisposeAsync();
}

sealed class JsonExport(Stream output) : IExportWriter
{
    bool hasRows;

    public Task Begin(IReadOnlyList<string> headers, CancellationToken cancel) =>
        output.WriteAsync("["u8.ToArray(), cancel).AsTask();

    public async Task Add(ExportedLead lead, string?[] cells, CancellationToken cancel)
    {
        await output.WriteAsync(hasRows ? ",\n"u8.ToArray() : "\n"u8.ToArray(), cancel);
        await JsonSerializer.SerializeAsync(output, lead, JobJson.Options, cancel);
        hasRows = true;
    }

    public async ValueTask DisposeAsync() => await output.WriteAsync("\n]\n"u8.ToArray());
}
