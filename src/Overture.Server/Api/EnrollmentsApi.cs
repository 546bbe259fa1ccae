using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class EnrollmentsApi
{
    public static void MapEnrollments(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/enrollments").WithTags("Enrollments").RequireAuthorization(Policies.Viewer);
        read.MapGet("", List).WithSummary("Contacts in campaigns, the newest first");
        read.MapGet("/{id:long}", Get).WithSummary("One contact in one campaign");
        var write = api.MapGroup("/enrollments").WithTags("Enrollments")
            .RequireAuthorization(Policies.Member);
        write.MapPost("/{id:long}/pause", Pause).WithSummary("Hold this contact where it is");
        write.MapPost("/{id:long}/resume", Resume).WithSummary("Go on; nothing is sent again");
        write.MapPost("/{id:long}/skip", Skip).WithSummary("Leave its next step out");
        write.MapPost("/{id:long}/stop", Stop).WithSummary("Take it out of the campaign for good");
        var segments = api.MapGroup("/segments").WithTags("Segments");
        segments.MapGet("", Segments).RequireAuthorization(Policies.Viewer)
            .WithSummary("Filters with a name, to be used as audiences");
        segments.MapPut("", PutSegment).RequireAuthorization(Policies.Member)
            .WithSummary("Keep a filter under a name");
        segments.MapDelete("/{id:long}", DeleteSegment).RequireAuthorization(Policies.Member)
            .WithSummary("Forget a segment that no campaign uses");
    }

    static async Task<Listing<EnrollmentRow>> List(
        HttpContext http, EnrollmentReport report, long? campaign, long? lead, EnrollmentWord? state,
        int? limit, long? cursor, CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.List(
            http.Caller().WorkspaceId, campaign, lead, Spelling.Of(state), cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static Task<EnrollmentRow> Get(
        long id, HttpContext http, EnrollmentReport report, CancellationToken cancel) =>
        report.Of(http.Caller().WorkspaceId, id, cancel);

    static Task<EnrollmentRow> Pause(
        long id, HttpContext http, Enrollments enrollments, EnrollmentReport report,
        CancellationToken cancel) =>
        After(http, report, id, by => enrollments.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel), cancel);

    static Task<EnrollmentRow> Resume(
        long id, HttpContext http, Enrollments enrollments, EnrollmentReport report,
        CancellationToken cancel) =>
        After(http, report, id, by => enrollments.Resume(by.WorkspaceId, id, cancel), cancel);

    static Task<EnrollmentRow> Skip(
        long id, HttpContext http, Enrollments enrollments, EnrollmentReport report,
        CancellationToken cancel) =>
        After(http, report, id, by => enrollments.Skip(by.WorkspaceId, id, cancel), cancel);

    static Task<EnrollmentRow> Stop(
        long id, HttpContext http, Enrollments enrollments, EnrollmentReport report,
        CancellationToken cancel) =>
        After(http, report, id, by => enrollments.Stop(by.WorkspaceId, id, cancel), cancel);

    static async Task<Listing<Segment>> Segments(
        HttpContext http, Segments segments, CancellationToken cancel)
    {
        var rows = await segments.List(http.Caller().WorkspaceId, cancel);
        return new Listing<Segment>(rows, false, null, rows.Count);
    }

    static async Task<IResult> PutSegment(
        SegmentDraft draft, HttpContext http, Segments segments, CancellationToken cancel) =>
        TypedResults.Ok(new
        {
            id = await segments.Put(http.Caller().WorkspaceId, draft.Name, draft.Filter, cancel),
        });

    static async Task<NoContent> DeleteSegment(
        long id, HttpContext http, Segments segments, CancellationToken cancel)
    {
        await segments.Delete(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }

    static async Task<EnrollmentRow> After(
        HttpContext http, EnrollmentReport report, long id, Func<Identity, Task> act,
        CancellationToken cancel)
    {
        await act(http.Caller());
        return await report.Of(http.Caller().WorkspaceId, id, cancel);
    }
}

public sealed record SegmentDraft(string Name, LeadFilter Filter);

/// <summary>The state a contact in a campaign is in, or the reason why it ended.</summary>
public enum EnrollmentWord
{
    Active,
    Paused,
    Finished,
    Completed,
    Replied,
    CompanyReplied,
    Bounced,
    Complained,
    Unsubscribed,
    Suppressed,
    Removed,
    Failed,
    Ended,
}
