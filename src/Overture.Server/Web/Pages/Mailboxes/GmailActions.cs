using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class GmailActions
{
    public static void MapGmailActions(this WebApplication app)
    {
        app.MapAction("/mailboxes/{id:long}/gmail", Policies.Admin,
            (long id, HttpContext http, GmailAccounts accounts, ConnectGmail connect,
                CancellationToken cancel) => PageActions.Do(
                http, Back(id), "Saved. Now go to Google and consent.", async by =>
                {
                    var form = await http.Request.ReadFormAsync(cancel);
                    await accounts.Register(
                        by.WorkspaceId, id, form["client_id"], form["client_secret"], cancel);
                    await connect.Begin(by.WorkspaceId, id, GmailApi.By(by), cancel);
                }));
        app.MapAction("/mailboxes/{id:long}/gmail/consent", Policies.Admin,
            (long id, HttpContext http, ConnectGmail connect, CancellationToken cancel) => PageActions.Do(
                http, Back(id), "Now go to Google and consent.", by =>
                    connect.Begin(by.WorkspaceId, id, GmailApi.By(by), cancel)));
        app.MapAction("/mailboxes/{id:long}/gmail/disconnect", Policies.Admin,
            (long id, HttpContext http, GmailAccounts accounts, CancellationToken cancel) => PageActions.Do(
                http, Back(id),
                "Disconnected: the consent is forgotten here. Take it back in the Google account too.", by =>
                    accounts.Disconnect(by.WorkspaceId, id, cancel)));
        // A link back from Google: the state in it, known to this person alone, is what keeps it safe.
        app.MapGet(ConnectGmail.WayBack, Return).RequireAuthorization(Policies.Admin)
            .ExcludeFromDescription();
    }

    static async Task<IResult> Return(
        HttpContext http, ConnectGmail connect, string? state, string? code, string? error,
        CancellationToken cancel)
    {
        var by = http.Caller();
        var mailbox = await connect.Finish(by.WorkspaceId, state, code, error, GmailApi.By(by), cancel);
        return Actions.BackTo(Back(mailbox.Id));
    }

    static string Back(long id) => $"/mailboxes/{id}/edit#gmail";
}
