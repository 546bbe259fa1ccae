using Microsoft.AspNetCore.Http.HttpResults;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Api;

/// <summary>
/// A mailbox's Gmail account. Who asks for the consent must also bring its answer: with the same key or as
/// the same person.
/// </summary>
static class GmailApi
{
    public static void MapGmail(this IEndpointRouteBuilder api)
    {
        var gmail = api.MapGroup("/mailboxes/{id:long}/gmail").WithTags("Mailboxes");
        gmail.MapGet("", Get).RequireAuthorization(Policies.Viewer)
            .WithSummary("The Gmail account of a mailbox, without its secrets");
        gmail.MapPut("", Put).RequireAuthorization(Policies.Admin)
            .WithSummary("Keep the registration at Google; a mailbox leaves Gmail when its client changes");
        gmail.MapPost("/consent", Ask).RequireAuthorization(Policies.Admin)
            .WithSummary("Ask for the consent: the address at which a person gives it");
        gmail.MapPost("/grant", Finish).RequireAuthorization(Policies.Admin)
            .WithSummary("Bring the state and code that the person came back with");
        gmail.MapDelete("", Disconnect).RequireAuthorization(Policies.Admin)
            .WithSummary("Forget the consent and the registration");
    }

    /// <summary>Whose question it is, and whose answer it must be.</summary>
    public static string By(Identity caller) => $"user {caller.UserId}";

    static async Task<GmailView> Get(
        long id, HttpContext http, GmailAccounts accounts, ConnectGmail connect, CancellationToken cancel) =>
        GmailView.Of(
            await accounts.Find(http.Caller().WorkspaceId, id, cancel)
                ?? throw RuleBroken.NotFound("Gmail account of mailbox", id),
            connect.RedirectUrl);

    static async Task<GmailView> Put(
        long id, GmailRegistration given, HttpContext http, GmailAccounts accounts, ConnectGmail connect,
        CancellationToken cancel)
    {
        await accounts.Register(
            http.Caller().WorkspaceId, id, given.ClientId, given.ClientSecret, cancel);
        return await Get(id, http, accounts, connect, cancel);
    }

    static async Task<GmailQuestion> Ask(
        long id, HttpContext http, ConnectGmail connect, CancellationToken cancel) =>
        new(await connect.Begin(http.Caller().WorkspaceId, id, By(http.Caller()), cancel));

    static async Task<MailboxView> Finish(
        long id, GmailAnswer given, HttpContext http, ConnectGmail connect, Mailboxes mailboxes,
        CancellationToken cancel)
    {
        var by = http.Caller();
        var mailbox = await connect.Finish(
            by.WorkspaceId, given.State, given.Code, given.Error, By(by), cancel);
        return MailboxView.Of(await mailboxes.Get(by.WorkspaceId, mailbox.Id, cancel));
    }

    static async Task<NoContent> Disconnect(
        long id, HttpContext http, GmailAccounts accounts, CancellationToken cancel)
    {
        await accounts.Disconnect(http.Caller().WorkspaceId, id, cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>The registration at Google; an absent secret leaves the kept one.</summary>
public sealed record GmailRegistration(string ClientId, string? ClientSecret = null);

/// <summary>The page on which a person consents, good for a quarter of an hour.</summary>
public sealed record GmailQuestion(Uri Url);

/// <summary>What stood in the address that the person came back to.</summary>
public sealed record GmailAnswer(string State, string? Code = null, string? Error = null);

/// <summary>A Gmail account without its secrets.</summary>
public sealed record GmailView(
    long MailboxId, string ClientId, bool HasClientSecret, bool IsConnected, DateTime? ConnectedAt,
    Uri RedirectUrl)
{
    public static GmailView Of(GmailAccount account, Uri redirectUrl) => new(
        account.MailboxId, account.ClientId, account.ClientSecret is not null, account.IsConnected,
        account.ConnectedAt, redirectUrl);
}
