using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class CompaniesPage(
    PageState state, Companies companies, CompanyReport report, Duplicates duplicates)
    : LoadedPage(state)
{
    const int PageSize = 50;

    IReadOnlyList<Company> Rows { get; set; } = [];

    IReadOnlyDictionary<long, long> LeadCounts { get; set; } = new Dictionary<long, long>();

    RowTotal Total { get; set; } = new(0, false);

    long Doubtful { get; set; }

    string? NextCursor { get; set; }

    protected override async Task Load()
    {
        var (rows, total) = await companies.List(
            WorkspaceId, Query("search"), PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Doubtful = Query("search") is null && Query("cursor") is null
            ? await duplicates.CountOpen(WorkspaceId, Cancel) : 0;
        Rows = [.. rows.Take(PageSize)];
        Total = total;
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        LeadCounts = await report.LeadCounts(WorkspaceId, [.. Rows.Select(company => company.Id)], Cancel);
    }

    static string Place(Company company) => string.Join(
        ", ", new[] { company.City, company.Country }.Where(part => !string.IsNullOrWhiteSpace(part)));
}
