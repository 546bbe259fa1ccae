using Overture.Core.Model;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class ApprovalsApi
{
    public static void MapApprovals(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/approvals").WithTags("Approvals").RequireAuthorization(Policies.Viewer);
        read.MapGet("", List).WithSummary("Messages that wait for approval, with the hash of their text");
        read.MapGet("/groups", Groups).WithSummary("How many wait, by campaign and step");
        read.MapGet("/approved", Approved).WithSummary("What was approved and may still be taken back");
        var write = api.MapGroup("/approvals").WithTags("Approvals").RequireAuthorization(Policies.Member);
        write.MapPost("/{id:long}/approve", Approve).WithSummary("Approve the text with this hash");
        write.MapPost("/{id:long}/edit", Edit).WithSummary("Correct a text and approve it");
        write.MapPost("/{id:long}/reject", Reject).WithSummary("Refuse it, with a reason");
        write.MapPost("/{id:long}/undo", Undo).WithSummary("Take an approval back, within its half minute");
        write.MapPost("/approve-all", ApproveAll)
            .WithSummary("Approve all of a campaign or step after a sample was read")
            .CanDryRun((_, answer) => new(((ApprovedCount)answer!).Approved));
    }

    static async Task<Listing<ApprovalRow>> List(
        HttpContext http, ApprovalReport report, long? campaign, long? step, int? limit, long? cursor,
        CancellationToken cancel)
    {
        var size = limit ?? Paging.DefaultLimit;
        var rows = await report.Waiting(
            http.Caller().WorkspaceId, campaign, step, cursor, size + 1, cancel);
        return Paging.ByIdDown(rows, size, row => row.Id);
    }

    static async Task<Listing<ApprovalGroup>> Groups(
        HttpContext http, ApprovalReport report, CancellationToken cancel)
    {
        var rows = await report.Groups(http.Caller().WorkspaceId, cancel);
        return new Listing<ApprovalGroup>(rows, false, null, rows.Count);
    }

    static async Task<Listing<ApprovalRow>> Approved(
        HttpContext http, ApprovalReport report, CancellationToken cancel)
    {
        var rows = await report.Approved(http.Caller().WorkspaceId, cancel);
        return new Listing<ApprovalRow>(rows, false, null, rows.Count);
    }

    static Task<ApprovalRow> Approve(
        long id, ApprovedText text, HttpContext http, Approvals approvals, ApprovalReport report,
        CancellationToken cancel) =>
        After(id, http, report, by => approvals.Approve(
            by.WorkspaceId, new SeenMessage(id, text.Hash), by.Name, cancel), cancel);

    static Task<ApprovalRow> Edit(
        long id, EditedMessage text, HttpContext http, Approvals approvals, ApprovalReport report,
        CancellationToken cancel) =>
        After(id, http, report, by => approvals.Edit(
            by.WorkspaceId, new SeenMessage(id, text.Hash), text.Subject, text.Body, by.Name, cancel),
            cancel);

    static Task<ApprovalRow> Reject(
        long id, Refusal rejection, HttpContext http, Approvals approvals, ApprovalReport report,
        CancellationToken cancel) =>
        After(id, http, report, by => approvals.Reject(
            by.WorkspaceId, id, rejection.Reason, rejection.GoOn, by.Name, cancel), cancel);

    static Task<ApprovalRow> Undo(
        long id, HttpContext http, Approvals approvals, ApprovalReport report, CancellationToken cancel) =>
        After(id, http, report, by => approvals.TakeBack(by.WorkspaceId, id, cancel), cancel);

    static async Task<ApprovedCount> ApproveAll(
        ApprovedSample sample, HttpContext http, Approvals approvals, CancellationToken cancel)
    {
        var by = http.Caller();
        var count = await approvals.ApproveAll(
            by.WorkspaceId, sample.CampaignId, sample.StepId, sample.UpToId, sample.Seen, by.Name, cancel);
        return new ApprovedCount(count);
    }

    static async Task<ApprovalRow> After(
        long id, HttpContext http, ApprovalReport report, Func<Identity, Task> act, CancellationToken cancel)
    {
        await act(http.Caller());
        return await report.Of(http.Caller().WorkspaceId, id, cancel);
    }
}

/// <summary>The hash of the text that was read, as the listing gives it.</summary>
public sealed record ApprovedText(string Hash);

public sealed record EditedMessage(string Hash, string Subject, string Body);

/// <summary>Why not; with GoOn the contact gets the next step, otherwise it leaves the campaign.</summary>
public sealed record Refusal(string Reason, bool GoOn = false);

public sealed record ApprovedCount(int Approved);

/// <summary>All of a campaign or step up to one id, and those of them that were read.</summary>
public sealed record ApprovedSample(
    long CampaignId, long? StepId, long UpToId, IReadOnlyList<SeenMessage> Seen);
