using Microsoft.AspNetCore.Mvc;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Startup;

namespace Overture.Server.Web;

static class IntegrationActions
{
    const string Back = "/settings/integrations";

    public static void MapIntegrationActions(this WebApplication app)
    {
        app.MapAction("/settings/integrations/{provider}/test", Policies.Member,
            async (string provider, HttpContext http, ProviderClients clients, CancellationToken cancel) =>
            {
                var test = await clients.Test(http.Caller().WorkspaceId, provider, cancel);
                if (test.Works) Notice.Say(http, test.Sentence);
                else Notice.Refuse(http, test.Sentence);
                return Actions.BackTo(Back);
            });
        app.MapAction("/settings/integrations/{provider}/on", Policies.Admin,
            (string provider, HttpContext http, Integrations integrations, CancellationToken cancel) =>
                Switch(provider, true, http, integrations, cancel));
        app.MapAction("/settings/integrations/{provider}/off", Policies.Admin,
            (string provider, HttpContext http, Integrations integrations, CancellationToken cancel) =>
                Switch(provider, false, http, integrations, cancel));
        app.MapAction("/settings/integrations/{provider}/disconnect", Policies.Admin,
            (string provider, HttpContext http, Integrations integrations, CancellationToken cancel) =>
                PageActions.Do(
                    http, Back, "Disconnected.", by =>
                        integrations.Disconnect(by.WorkspaceId, provider, cancel)));
        app.MapAction("/settings/integrations/{provider}/forget-lost", Policies.Admin,
            (string provider, HttpContext http, Questions questions, CancellationToken cancel) =>
                PageActions.Do(
                    http, Back, "The lost questions are asked again when somebody needs them.", by =>
                        questions.ForgetLost(by.WorkspaceId, provider, cancel)));
        app.MapAction("/settings/integrations/waterfall/{step}", Policies.Member, Move);
    }

    static Task<IResult> Switch(
        string provider, bool isEnabled, HttpContext http, Integrations integrations, CancellationToken cancel) =>
        PageActions.Do(
            http, Back, isEnabled ? "It is asked again." : "It is not asked any more.", async by =>
            {
                var one = (await integrations.List(by.WorkspaceId, cancel))
                    .FirstOrDefault(item => item.Provider == provider);
                await integrations.Change(by.WorkspaceId, provider, isEnabled, one?.DailyBudget, cancel);
            });

    static Task<IResult> Move(
        string step, HttpContext http, Waterfalls waterfalls, Integrations integrations,
        [FromForm(Name = "field_set")] string fieldSet, [FromForm] string provider, CancellationToken cancel) =>
        PageActions.Do(http, Back, "The order is changed.", async by =>
        {
            if (step is "skip" or "ask")
            {
                await waterfalls.Ask(by.WorkspaceId, fieldSet, provider, step == "ask", by.Name, cancel);
                return;
            }

            var connected = await integrations.List(by.WorkspaceId, cancel);
            await waterfalls.Move(
                by.WorkspaceId, fieldSet, provider, step == "earlier" ? -1 : 1, connected, by.Name, cancel);
        });
}
