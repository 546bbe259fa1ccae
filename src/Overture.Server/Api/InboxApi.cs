using Microsoft.AspNetCore.Http.HttpResults;
using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class InboxApi
{
    public static void MapInbox(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/inbox").WithTags("Inbox").RequireAuthorization(Policies.Viewer);
        read.MapGet("", List).WithSummary("Conversations, newest first");
        read.MapGet("/counts", Counts).WithSummary("How many conversations each scope holds");
        read.MapGet("/{id:long}", Thread).WithSummary("A conversation with everything said in it");
        var write = api.MapGroup("/inbox").WithTags("Inbox").RequireAuthorization(Policies.Member);
        write.MapPost("/{id:long}/answers", Answer)
            .WithSummary("Answer from the owning mailbox; it leaves after 30 seconds")
            .CanDryRun((_, _) => new(1L));
        write.MapDelete("/answers/{id:long}", TakeBack).WithSummary("Take an answer back that has not left");
        write.MapPost("/{id:long}/snooze", Snooze).WithSummary("Put off until a moment");
        write.MapPost("/{id:long}/reopen", Reopen).WithSummary("Bring back what was snoozed or done");
        write.MapPost("/{id:long}/close", Close).WithSummary("Nothing more is to be said");
        write.MapPost("/{id:long}/read", MarkRead).WithSummary("Mark as read or unread");
        write.MapPost("/{id:long}/assign", Assign).WithSummary("Give to a colleague, or to nobody");
        write.MapPost("/{id:long}/notes", AddNote).WithSummary("Write a note among ourselves");
        write.MapPost("/{id:long}/intent", SetIntent).WithSummary("Correct what the reply wants");
        write.MapPost("/holds/{enrollmentId:long}/lift", LiftHold)
            .WithSummary("Do not wait any longer for an absent person");
    }

    static async Task<Listing<Conversation>> List(
        HttpContext http, InboxReport report, string? scope, long? mailbox, string? search, int? limit,
        string? cursor, CancellationToken cancel)
    {
        var by = http.Caller();
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.List(
            by.WorkspaceId, InboxReport.ScopeOf(scope) ?? InboxScope.Open, mailbox, by.UserId, search,
            InboxCursor.Read(cursor), size + 1, cancel);
        var hasMore = rows.Count > size;
        return new Listing<Conversation>(
            [.. rows.Take(size)], hasMore, hasMore ? InboxCursor.Of(rows[size - 1]) : null);
    }

    static async Task<IReadOnlyDictionary<string, long>> Counts(
        HttpContext http, InboxReport report, CancellationToken cancel)
    {
        var by = http.Caller();
        return (await report.Counts(by.WorkspaceId, by.UserId, cancel))
            .ToDictionary(pair => InboxReport.Word(pair.Key), pair => pair.Value);
    }

    static Task<ConversationThread> Thread(
        long id, HttpContext http, InboxReport report, CancellationToken cancel) =>
        report.Thread(http.Caller().WorkspaceId, id, cancel);

    static async Task<Created<PlannedAnswer>> Answer(
        long id, NewAnswer wanted, HttpContext http, Conversations conversations, CancellationToken cancel)
    {
        var by = http.Caller();
        var answer = await conversations.Answer(by.WorkspaceId, id, wanted.Body, by.Name, cancel);
        return TypedResults.Created($"/api/v1/inbox/answers/{answer}", new PlannedAnswer(answer, id));
    }

    static async Task<NoContent> TakeBack(
        long id, HttpContext http, Conversations conversations, CancellationToken cancel)
    {
        var by = http.Caller();
        await conversations.TakeBack(by.WorkspaceId, id, by.Name, cancel);
        return TypedResults.NoContent();
    }

    static Task<NoContent> Snooze(
        long id, SnoozeUntil wanted, HttpContext http, Conversations conversations,
        CancellationToken cancel) =>
        Done(conversations.Snooze(http.Caller().WorkspaceId, id, wanted.Until.UtcDateTime, cancel));

    static Task<NoContent> Reopen(
        long id, HttpContext http, Conversations conversations, CancellationToken cancel) =>
        Done(conversations.Reopen(http.Caller().WorkspaceId, id, cancel));

    static Task<NoContent> Close(
        long id, HttpContext http, Conversations conversations, CancellationToken cancel) =>
        Done(conversations.Close(http.Caller().WorkspaceId, id, cancel));

    static Task<NoContent> MarkRead(
        long id, ReadMark wanted, HttpContext http, Conversations conversations, CancellationToken cancel) =>
        Done(conversations.MarkRead(http.Caller().WorkspaceId, id, wanted.IsRead, cancel));

    static Task<NoContent> Assign(
        long id, Assignment wanted, HttpContext http, Conversations conversations,
        CancellationToken cancel) =>
        Done(conversations.Assign(http.Caller().WorkspaceId, id, wanted.UserId, cancel));

    static Task<NoContent> AddNote(
        long id, NewNote wanted, HttpContext http, Conversations conversations, CancellationToken cancel) =>
        Done(conversations.AddNote(http.Caller().WorkspaceId, id, wanted.Note, http.Caller().Name, cancel));

    static Task<NoContent> SetIntent(
        long id, IntentCorrection wanted, HttpContext http, Conversations conversations,
        CancellationToken cancel) =>
        Done(conversations.SetIntent(
            http.Caller().WorkspaceId, id, wanted.Intent, http.Caller().Name, cancel));

    static Task<NoContent> LiftHold(
        long enrollmentId, HttpContext http, Conversations conversations, CancellationToken cancel) =>
        Done(conversations.LiftHold(http.Caller().WorkspaceId, enrollmentId, http.Caller().Name, cancel));

    static async Task<NoContent> Done(Task act)
    {
        await act;
        return TypedResults.NoContent();
    }
}

/// <summary>Where a page of conversations ended: the last row's moment and number.</summary>
static class InboxCursor
{
    public static string Of(Conversation last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.LastAt.Ticks}.{last.Id}");

    public static (DateTime At, long Id)? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        var parts = cursor.Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && ticks <= DateTime.MaxValue.Ticks
                ? (new DateTime(ticks, DateTimeKind.Utc), id)
                : throw new RuleBroken(
                    "bad_cursor", "This cursor is none of ours. Begin without one.", "cursor");
    }
}

public sealed record NewAnswer(string Body);

public sealed record PlannedAnswer(long Id, long Conversation);

public sealed record SnoozeUntil(DateTimeOffset Until);

public sealed record ReadMark(bool IsRead = true);

public sealed record Assignment(long? UserId);

public sealed record NewNote(string Note);

public sealed record IntentCorrection(ReplyIntent Intent);
