using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

static class MailboxReadersApi
{
    public static void MapMailboxReaders(this IEndpointRouteBuilder api)
    {
        var reader = api.MapGroup("/mailboxes/{id:long}/reader").WithTags("Mailboxes");
        reader.MapGet("", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("How a mailbox is read, and how the last look ended");
        reader.MapPut("", Put).RequireAuthorization(Policies.Admin).WithSummary("Read a mailbox over IMAP");
        reader.MapPost("/test", Test).RequireAuthorization(Policies.Member)
            .WithSummary("Connect, log in and list the folders; read nothing");
        reader.MapPost("/pause", Pause).RequireAuthorization(Policies.Member).WithSummary("Read nothing");
        reader.MapPost("/resume", Resume).RequireAuthorization(Policies.Member)
            .WithSummary("Look again, at once");
    }

    static async Task<MailboxReaderView> Get(
        long id, HttpContext http, MailboxReaders readers, CancellationToken cancel) =>
        await View(id, http, readers, cancel);

    static async Task<MailboxReaderView> Put(
        long id, MailboxReaderDraft draft, HttpContext http, MailboxReaders readers, CancellationToken cancel)
    {
        await readers.Put(http.Caller().WorkspaceId, id, draft, cancel);
        return await View(id, http, readers, cancel);
    }

    static async Task<MailboxTest> Test(
        long id, HttpContext http, Mailboxes mailboxes, TestMailboxReader test, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        await mailboxes.Get(workspace, id, cancel);
        return await test.Run(workspace, id, cancel);
    }

    static async Task<MailboxReaderView> Pause(
        long id, HttpContext http, MailboxReaders readers, CancellationToken cancel)
    {
        await readers.Pause(http.Caller().WorkspaceId, id, cancel);
        return await View(id, http, readers, cancel);
    }

    static async Task<MailboxReaderView> Resume(
        long id, HttpContext http, MailboxReaders readers, CancellationToken cancel)
    {
        await readers.Resume(http.Caller().WorkspaceId, id, cancel);
        return await View(id, http, readers, cancel);
    }

    static async Task<MailboxReaderView> View(
        long id, HttpContext http, MailboxReaders readers, CancellationToken cancel)
    {
        var workspace = http.Caller().WorkspaceId;
        var reader = await readers.Find(workspace, id, cancel)
            ?? throw RuleBroken.NotFound("reader of mailbox", id);
        return MailboxReaderView.Of(reader, await readers.Folders(workspace, id, cancel));
    }
}

/// <summary>How a mailbox is read, without its secret.</summary>
public sealed record MailboxReaderView(
    long MailboxId, ReaderKind Kind, ReaderState State, string? BrokenReason, string? ImapHost, int ImapPort,
    string ImapSecurity, string? ImapUsername, bool HasSecret, string ImapLogin,
    IReadOnlyList<string> Aliases, DateTime? LastSyncAt, DateTime? LastMailAt, string? LastError,
    DateTime? LastErrorAt, DateTime NextLookAt, IReadOnlyList<FolderCursor> Folders)
{
    public static MailboxReaderView Of(MailboxReader reader, IReadOnlyList<FolderCursor> folders) => new(
        reader.MailboxId, reader.Kind, reader.State, reader.BrokenReason, reader.ImapHost, reader.ImapPort,
        reader.ImapSecurity, reader.ImapUsername, reader.ImapSecret is not null, reader.ImapLogin,
        reader.Aliases, reader.LastSyncAt, reader.LastMailAt, reader.LastError, reader.LastErrorAt,
        reader.NextLookAt, folders);
}
