using System.Globalization;
using Overture.Core.Model;

namespace Overture.Server.Web;

public sealed partial class HolidaysPage(PageState state, Holidays holidays) : LoadedPage(state)
{
    IReadOnlyList<Holiday> Days { get; set; } = [];

    protected override async Task Load() => Days = await holidays.List(WorkspaceId, Cancel);

    static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
