using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class MailboxActions
{
    const string Back = "/mailboxes";

    public static void MapMailboxActions(this WebApplication app)
    {
        app.MapAction("/mailboxes/{id:long}/pause", Policies.Member,
            (long id, HttpContext http, Mailboxes mailboxes, CancellationToken cancel) => PageActions.Do(
                http, Back, "Paused: nothing is sent from it.", by =>
                    mailboxes.Pause(by.WorkspaceId, id, $"by {by.Name}", cancel)));
        app.MapAction("/mailboxes/{id:long}/resume", Policies.Member,
            (long id, HttpContext http, Mailboxes mailboxes, CancellationToken cancel) => PageActions.Do(
                http, Back, "It is in service again.", by => mailboxes.Resume(by.WorkspaceId, id, cancel)));
        app.MapAction("/mailboxes/{id:long}/test", Policies.Member,
            async (long id, HttpContext http, TestMailbox test, CancellationToken cancel) =>
            {
                var result = await test.Run(http.Caller().WorkspaceId, id, cancel);
                if (result.Works) Notice.Say(http, result.Sentence);
                else Notice.Refuse(http, $"{result.Sentence} {result.Remedy}");
                return Actions.BackTo(Back);
            });
    }
}
