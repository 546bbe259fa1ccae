using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class CampaignEditPage(
    PageState state, Campaigns campaigns, Mailboxes mailboxes, Leads leads, ITemplateCheck templates,
    NavigationManager navigation) : LoadedPage(state)
{
    const int PeopleOffered = 50;

    static readonly (string Value, string Text)[] AddressChoices =
        [("true", "Has an address"), ("false", "Has no address")];

    static readonly Contact ExamplePerson = new()
        { FullName = "Alex Example", FirstName = "Alex", LastName = "Example", Title = "Head of Operations",
            Email = "alex@company.example" };

    static readonly Company ExampleCompany =
        new() { Name = "Example Company", Industry = "Logistics", City = "Vienna", Country = "Austria" };

    [Parameter]
    public long? Id { get; set; }

    CampaignDetail? Kept { get; set; }

    CampaignForm Edited { get; set; } = new();

    Dictionary<string, string> Problems { get; set; } = [];

    IReadOnlyList<Mailbox> Mailboxes { get; set; } = [];

    (string Value, string Text)[] Sources { get; set; } = [];

    (string Value, string Text)[] Industries { get; set; } = [];

    IReadOnlyList<LeadRow> People { get; set; } = [];

    IReadOnlyList<CampaignPreview.Shown> Previews { get; set; } = [];

    long? ChosenLead { get; set; }

    bool IsExample => ChosenLead is null;

    long AudienceSize { get; set; }

    static IReadOnlyDictionary<string, string> Fields => MergeFields.Known;

    protected override async Task Load()
    {
        Kept = Id is { } id ? await campaigns.Get(WorkspaceId, id, Cancel) : null;
        Mailboxes = await mailboxes.List(WorkspaceId, Cancel);
        var (industries, sources) = await leads.Facets(WorkspaceId, Cancel);
        Industries = [.. industries.Select(industry => (industry, industry))];
        Sources = [.. sources.Select(source => (source, Words.Of(source)))];
        var start = Kept is null ? CampaignForm.Starter(Mailboxes.Count > 0 ? Mailboxes[0].Id : null)
            : CampaignForm.Of(Kept);
        Edited = State.Http.Request.HasFormContentType
            ? CampaignForm.Read(State.Http.Request.Form, start.Audience).After(Form("act"))
            : start;
        await LoadPreview();
    }

    async Task Act()
    {
        if (Form("act") != "save") return;
        Problems = Edited.Problems(templates);
        if (Problems.Count > 0)
        {
            State.Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return;
        }

        var id = Id ?? 0;
        var saved = await Try(async () =>
        {
            if (Id is null) id = await campaigns.Create(WorkspaceId, Edited.Draft(), Cancel);
            else await campaigns.Update(WorkspaceId, id, Edited.Draft(), Cancel);
        });
        if (!saved) return;
        Notice.Say(State.Http, "Saved.");
        navigation.NavigateTo($"/campaigns/{id}");
    }

    async Task LoadPreview()
    {
        var fitting = await leads.List(
            WorkspaceId, Edited.Audience with { Sort = LeadSort.Score }, null, PeopleOffered, Cancel);
        AudienceSize = fitting.Total;
        People = fitting.Rows;
        ChosenLead = long.TryParse(
            Form("lead"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            && People.Any(person => person.Id == wanted) ? wanted : People.Count > 0 ? People[0].Id : null;
        var fields = await FieldsOfChosen();
        Previews = [.. Edited.Steps.SelectMany((step, s) => step.Texts.Select(
            (text, t) => CampaignPreview.Show(s, step, t, text, fields)))];
    }

    async Task<Dictionary<string, object>> FieldsOfChosen()
    {
        var mailbox = Mailboxes.FirstOrDefault(box => box.Id == Edited.MailboxId);
        if (ChosenLead is not { } id) return MergeFields.For(ExamplePerson, ExampleCompany, [], mailbox);
        var lead = await leads.Get(WorkspaceId, id, Cancel);
        return MergeFields.For(lead.Contact, lead.Company, lead.Facts, mailbox);
    }
}
