using System.Globalization;
using Overture.Core.Reports;

namespace Overture.Server.Web;

public sealed partial class TasksPage(PageState state, TaskReport tasks, TimeProvider time) : LoadedPage(
    state)
{
    const int PageSize = 25;
    const int CharactersOfALine = 70;
    const int MostLines = 14;

    IReadOnlyList<TaskRow> Rows { get; set; } = [];

    TaskCounts Counts { get; set; } = new(0, 0, 0, 0);

    string? NextCursor { get; set; }

    string Sort => Query("sort") is "later" or "done" or "dismissed" ? Query("sort")! : "due";

    string Here => State.PathAndQuery;

    DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    (string Sort, string Label, long Count)[] Tabs =>
    [
        ("due", "To do", Counts.Due), ("later", "Later", Counts.Later), ("done", "Done", Counts.Done),
        ("dismissed", "Dismissed", Counts.Dismissed),
    ];

    protected override async Task Load()
    {
        var rows = await tasks.List(
            WorkspaceId, Sort, null, PageAddress.BeforeId(State.Http.Request), PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        Counts = await tasks.Counts(WorkspaceId, Cancel);
    }

    string Day(int ahead) => Today.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Outside text: only a web address or a number to call becomes a link.</summary>
    static bool IsSafe(string? link) =>
        link is not null && Uri.TryCreate(link, UriKind.Absolute, out var address)
        && address.Scheme is "https" or "http" or "tel";

    static int Lines(string text) => Math.Clamp(
        text.Split('\n').Sum(line => 1 + (line.Length / CharactersOfALine)), 2, MostLines);

    static string IconOf(TaskRow task) => task.Kind switch
    {
        "send_linkedin_message" => "brand-linkedin",
        "call" => "user-check",
        "settle_uncertain" => "alert-triangle",
        _ => "list-check",
    };
}
