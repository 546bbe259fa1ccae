using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class MailboxesApi
{
    public static void MapMailboxes(this IEndpointRouteBuilder api)
    {
        var mailboxes = api.MapGroup("/mailboxes").WithTags("Mailboxes");
        mailboxes.MapGet("", List).RequireAuthorization(Policies.Viewer)
            .WithSummary("The addresses we send from");
        mailboxes.MapGet("/{id:long}", View).RequireAuthorization(Policies.Viewer)
            .WithSummary("A mailbox without its secret");
        mailboxes.MapPost("", Create).RequireAuthorization(Policies.Admin).WithSummary("Add a mailbox");
        mailboxes.MapPut("/{id:long}", Update).RequireAuthorization(Policies.Admin)
            .WithSummary("Change a mailbox");
        mailboxes.MapPost("/{id:long}/test", Test).RequireAuthorization(Policies.Member)
            .WithSummary("Connect and log in, send nothing");
        mailboxes.MapPost("/{id:long}/pause", Pause).RequireAuthorization(Policies.Member)
            .WithSummary("Send nothing from it");
        mailboxes.MapPost("/{id:long}/resume", Resume).RequireAuthorization(Policies.Member)
            .WithSummary("Take it back into service");
    }

    static async Task<Listing<MailboxView>> List(
        HttpContext http, Mailboxes mailboxes, CancellationToken cancel)
    {
        var all = await mailboxes.List(http.Caller().WorkspaceId, cancel);
        return new Listing<MailboxView>([.. all.Select(MailboxView.Of)], false, null, all.Count);
    }

    static async Task<Created<MailboxView>> Create(
        MailboxDraft draft, HttpContext http, Mailboxes mailboxes, CancellationToken cancel)
    {
        var id = await mailboxes.Create(http.Caller().WorkspaceId, draft, cancel);
        return TypedResults.Created($"/api/v1/mailboxes/{id}", await View(id, http, mailboxes, cancel));
    }

    static async Task<MailboxView> Update(
        long id, MailboxDraft draft, HttpContext http, Mailboxes mailboxes, CancellationToken cancel)
    {
        await mailboxes.Update(http.Caller().WorkspaceId, id, draft, cancel);
        return await View(id, http, mailboxes, cancel);
    }

    static Task<MailboxTest> Test(long id, HttpContext http, TestMailbox test, CancellationToken cancel) =>
        test.Run(http.Caller().WorkspaceId, id, cancel);

    static async Task<MailboxView> Pause(
        long id, HttpContext http, Mailboxes mailboxes, CancellationToken cancel)
    {
        await mailboxes.Pause(http.Caller().WorkspaceId, id, $"by {http.Caller().Name}", cancel);
        return await View(id, http, mailboxes, cancel);
    }

    static async Task<MailboxView> Resume(
        long id, HttpContext http, Mailboxes mailboxes, CancellationToken cancel)
    {
        await mailboxes.Resume(http.Caller().WorkspaceId, id, cancel);
        return await View(id, http, mailboxes, cancel);
    }

    static async Task<MailboxView> View(
        long id, HttpContext http, Mailboxes mailboxes, CancellationToken cancel) =>
        MailboxView.Of(await mailboxes.Get(http.Caller().WorkspaceId, id, cancel));
}

/// <summary>A mailbox without its secret.</summary>
public sealed record MailboxView(
    long Id, string Address, string FromName, MailboxState State, string? BrokenReason, string Transport,
    string? SmtpHost,
    int? SmtpPort, string SmtpSecurity, string? SmtpUsername, bool HasPassword, int PerMinuteLimit,
    int DailyLimit, int WeeklyLimit, string TimeZone, TimeOnly WindowOpens, TimeOnly WindowCloses,
    IReadOnlyList<int> WorkingDays, WindowZone WindowZone, int MinGapSeconds, int RampStart, int? RampStep,
    int? FirstTouchLimit, int? DomainLimit, string? BookingLink, string PostalAddress,
    DateTime? ExhaustedUntil, string? ExhaustedReason, string? PausedReason, DateTime? TestedAt)
{
    public static MailboxView Of(Mailbox box) => new(
        box.Id, box.Address, box.FromName, box.State, box.BrokenReason, box.Transport, box.SmtpHost,
        box.SmtpPort, box.SmtpSecurity, box.SmtpUsername, box.SmtpPassword is not null, box.PerMinuteLimit,
        box.DailyLimit,
        box.WeeklyLimit, box.TimeZone, box.WindowOpens, box.WindowCloses, box.WorkingDays,
        box.WindowZone, box.MinGapSeconds, box.RampStart, box.RampStep, box.FirstTouchLimit, box.DomainLimit,
        box.BookingLink, box.PostalAddress, box.ExhaustedUntil, box.ExhaustedReason, box.PausedReason,
        box.TestedAt);
}
