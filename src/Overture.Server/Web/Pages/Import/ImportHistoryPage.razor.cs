using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class ImportHistoryPage(PageState state, Imports imports) : ImportPage(state, imports)
{
    const int PageSize = 50;

    IReadOnlyList<Import> Rows { get; set; } = [];

    IReadOnlyList<ImportPreset> Presets { get; set; } = [];

    string? NextCursor { get; set; }

    protected override async Task Load()
    {
        var rows = await Imports.List(
            WorkspaceId, PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        Presets = await Imports.Presets(WorkspaceId, Cancel);
    }

    // The file of an import that was never begun is kept for as long as any.
    static string Where(Import import) =>
        import.State == ImportState.Uploaded && import.ForgottenAt is null ? Address(import.Id)
        : Address(import.Id, "/run");
}
