using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class MessageActions
{
    public static void MapMessageActions(this WebApplication app)
    {
        MapVerdict(app, "arrived", Verdict.Arrived, "It counts as sent.");
        MapVerdict(app, "send_again", Verdict.SendAgain, "It is sent once more.");
        MapVerdict(app, "leave", Verdict.Leave, "It is left at that.");
    }

    static void MapVerdict(WebApplication app, string word, Verdict verdict, string done) =>
        app.MapAction($"/messages/{{id:long}}/settle/{word}", Policies.Member,
            (long id, HttpContext http, SettleSend sends, CancellationToken cancel) => PageActions.Do(
                http, $"/messages/{id}", done,
                by => sends.Settle(by.WorkspaceId, id, verdict, by.Name, cancel)));
}
