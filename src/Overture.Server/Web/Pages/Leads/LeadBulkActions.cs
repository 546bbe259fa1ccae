using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Server.Api;
using Overture.Server.Startup;

namespace Overture.Server.Web;

/// <summary>The buttons below the leads, for those who were ticked or for all that match.</summary>
static class LeadBulkActions
{
    public static void MapLeadBulkActions(this WebApplication app)
    {
        app.MapGet("/leads/export", (HttpContext http, LeadExport export, string? format,
                CancellationToken cancel) =>
                LeadsApi.File(
                    http, export, new LeadSelection(LeadAddress.Filter(http.Request.QueryString.Value)),
                    format, cancel))
            .RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        app.MapAction("/leads/bulk/export", Policies.Viewer, Export);
        app.MapAction("/leads/bulk/add", Policies.Member, Add);
        app.MapAction("/leads/bulk/remove", Policies.Member, Remove);
        app.MapAction("/leads/bulk/suppress", Policies.Member, Suppress);
    }

    static IResult Export(
        HttpContext http, LeadExport export, string? format, CancellationToken cancel)
    {
        var form = http.Request.Form;
        if (Chosen(form) is { } chosen) return LeadsApi.File(http, export, chosen, format, cancel);
        Notice.Refuse(http, NobodyChosen);
        return Actions.BackTo(form["back"]);
    }

    static Task<IResult> Add(HttpContext http, LeadLists lists, CancellationToken cancel) =>
        Do(http, async (by, chosen) =>
        {
            var form = http.Request.Form;
            var name = form["new_list"].ToString().Trim();
            if (name.Length == 0 && Id(form["list"]) is null)
                throw new RuleBroken("no_list", "Choose a list, or name a new one.");
            var id = name.Length > 0
                ? await lists.Create(by.WorkspaceId, name, cancel)
                : Id(form["list"])!.Value;
            var list = await lists.Get(by.WorkspaceId, id, cancel);
            var added = await lists.Add(by.WorkspaceId, id, chosen, cancel);
            return added == 0
                ? $"All of them are on “{list.Name}” already."
                : $"{Words.Many(added, "lead")} put on “{list.Name}”.";
        });

    static Task<IResult> Remove(HttpContext http, LeadLists lists, CancellationToken cancel) =>
        Do(http, async (by, chosen) =>
        {
            if (Id(http.Request.Form["from_list"]) is not { } id)
                throw new RuleBroken("no_list", "Open the list first, then choose whom to take off it.");
            var list = await lists.Get(by.WorkspaceId, id, cancel);
            var removed = await lists.Remove(by.WorkspaceId, id, chosen, cancel);
            return $"{Words.Many(removed, "lead")} taken off “{list.Name}”. The leads stay.";
        });

    static Task<IResult> Suppress(HttpContext http, LeadLists lists, CancellationToken cancel) =>
        Do(http, async (by, chosen) =>
            await lists.Suppress(by.WorkspaceId, chosen, by.Name, cancel) is var added and > 0
                ? $"{Words.Many(added, "address is", "addresses are")} never written to again."
                : "None of them has an address that was not suppressed before.");

    const string NobodyChosen = "Tick at least one lead first.";

    static async Task<IResult> Do(HttpContext http, Func<Identity, LeadSelection, Task<string>> act)
    {
        var form = http.Request.Form;
        try
        {
            Notice.Say(http, Chosen(form) is { } chosen
                ? await act(http.Caller(), chosen)
                : throw new RuleBroken("nobody_chosen", NobodyChosen));
        }
        catch (RuleBroken broken)
        {
            Notice.Refuse(http, broken.Sentence);
        }

        return Actions.BackTo(form["back"]);
    }

    // Who was ticked stays chosen, also when a lead no longer matches the filter it was found by.
    static LeadSelection? Chosen(IFormCollection form)
    {
        var filter = LeadAddress.Filter(form["query"]);
        if (form["all"] == "true") return new LeadSelection(filter);
        var ids = form["ids"].Select(id => Id(id)).OfType<long>().ToList();
        return ids.Count == 0 ? null
            : new LeadSelection(new LeadFilter { Sort = filter.Sort }, ids);
    }

    static long? Id(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
