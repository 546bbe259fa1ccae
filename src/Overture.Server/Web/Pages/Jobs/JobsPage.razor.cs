using System.Globalization;
using Overture.Core.Jobs;

namespace Overture.Server.Web;

public sealed partial class JobsPage(PageState state, JobQueue jobs, IEnumerable<IJobKind> kinds)
    : LoadedPage(state)
{
    const int PageSize = 50;

    IReadOnlyList<Job> Rows { get; set; } = [];

    IReadOnlyDictionary<string, long> ByState { get; set; } = new Dictionary<string, long>();

    string? NextCursor { get; set; }

    JobState? Chosen { get; set; }

    (string Value, string Text)[] Kinds =>
        [.. kinds.Select(kind => (kind.Kind, Words.Of(kind.Kind)))
            .OrderBy(kind => kind.Item2, StringComparer.Ordinal)];

    protected override async Task Load()
    {
        var wanted = Query("state");
        Chosen = Enum.GetValues<JobState>().Select(value => (JobState?)value).FirstOrDefault(
            value => string.Equals(value.ToString(), wanted, StringComparison.OrdinalIgnoreCase));
        var rows = await jobs.List(
            WorkspaceId, Query("kind"), Chosen, PageAddress.BeforeId(State.Http.Request),
            PageSize + 1, Cancel);
        Rows = [.. rows.Take(PageSize)];
        NextCursor = rows.Count > PageSize ? Rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        ByState = await jobs.CountByState(WorkspaceId, Cancel);
    }

    long CountOf(JobState state) => ByState.GetValueOrDefault(state.ToString().ToLowerInvariant());
}
