using System.Globalization;
using Microsoft.AspNetCore.Components;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

public sealed partial class CampaignEditPage(
    PageState state, Campaigns campaigns, Segments segments, Mailboxes mailboxes, Leads leads,
    LeadLists lists, PreviewMessage preview, ITemplateCheck templates, NavigationManager navigation)
    : LoadedPage(state)
{
    const int PeopleOffered = 50;

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

    IReadOnlyList<Segment> Segments { get; set; } = [];

    (string Value, string Text)[] Sources { get; set; } = [];

    (string Value, string Text)[] Industries { get; set; } = [];

    IReadOnlyList<(string Value, string Text)> Lists { get; set; } = [];

    IReadOnlyList<(long Id, string Words)> Offered { get; set; } = [];

    IReadOnlyList<CampaignPreview.Shown> Previews { get; set; } = [];

    IReadOnlyList<StepChange> Changes { get; set; } = [];

    long? ChosenLead { get; set; }

    bool IsExample => ChosenLead is null;

    bool IsRunning => Kept?.Campaign.StartedAt is not null;

    long AudienceSize { get; set; }

    static IReadOnlyDictionary<string, string> Fields => MergeFields.Known;

    static IReadOnlyList<CampaignStarter> Starters => CampaignStarters.All;

    CampaignStarter Chosen =>
        Starters.FirstOrDefault(starter => starter.Key == Query("starter")) ?? Starters[0];

    protected override async Task Load()
    {
        Kept = Id is { } id ? await campaigns.Get(WorkspaceId, id, Cancel) : null;
        Mailboxes = await mailboxes.List(WorkspaceId, Cancel);
        Segments = await segments.List(WorkspaceId, Cancel);
        var (industries, sources) = await leads.Facets(WorkspaceId, Cancel);
        Industries = [.. industries.Select(industry => (industry, industry))];
        Sources = [.. sources.Select(source => (source, Words.Of(source)))];
        Lists = [.. (await lists.All(WorkspaceId, Cancel)).Select(
            list => (list.Id.ToString(CultureInfo.InvariantCulture), list.Name))];
        var start = CampaignForm.Of(Kept is not null ? Campaigns.DraftOf(Kept) : Chosen.Draft with
        {
            MailboxId = Mailboxes.Count > 0 ? Mailboxes[0].Id : null,
        });
        Edited = State.Http.Request.HasFormContentType
            ? CampaignForm.Read(State.Http.Request.Form, start.Audience).After(Form("act"))
            : start;
        await LoadPreview();
        if (IsRunning) Changes = await campaigns.Compare(WorkspaceId, Id!.Value, Edited.Draft(), Cancel);
    }

    async Task Act()
    {
        if (Form("act") == "segment")
        {
            await KeepSegment();
            return;
        }

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

    async Task KeepSegment()
    {
        var kept = await Try(async () =>
        {
            var id = await segments.Put(WorkspaceId, Edited.SegmentName, Edited.Audience, Cancel);
            Edited = Edited with { SegmentId = id, SegmentName = "" };
        });
        if (kept) Segments = await segments.List(WorkspaceId, Cancel);
    }

    async Task LoadPreview()
    {
        var audience = Segments.FirstOrDefault(one => one.Id == Edited.SegmentId)?.Filter ?? Edited.Audience;
        var fitting = await leads.List(
            WorkspaceId, audience with { Sort = LeadSort.Score }, null, PeopleOffered, Cancel);
        AudienceSize = fitting.Total;
        var worst = await preview.LeastKnown(WorkspaceId, audience, Cancel);
        Offered = [.. fitting.Rows.Select(row => (row.Id, Describe(row, worst)))];
        if (worst is { } id && Offered.All(person => person.Id != id))
            Offered = [.. Offered, (id, "The lead of whom least is known")];
        ChosenLead = Choose(worst);
        var fields = await FieldsOfChosen();
        Previews = [.. Edited.Steps.SelectMany((step, s) => step.Texts.Select(
            (text, t) => CampaignPreview.Show(s, step, t, text, fields)))];
    }

    /// <summary>The lead that the list names, or its neighbour when a button asks for it.</summary>
    long? Choose(long? worst)
    {
        if (Offered.Count == 0) return null;
        if (Form("act") == "lead-worst") return worst ?? Offered[0].Id;
        _ = long.TryParse(Form("lead"), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        var named = Math.Max(0, Offered.ToList().FindIndex(person => person.Id == id));
        var step = Form("act") switch { "lead-next" => 1, "lead-previous" => Offered.Count - 1, _ => 0 };
        return Offered[(named + step) % Offered.Count].Id;
    }

    async Task<Dictionary<string, object>> FieldsOfChosen()
    {
        var mailbox = Mailboxes.FirstOrDefault(box => box.Id == Edited.MailboxId);
        if (ChosenLead is not { } id) return MergeFields.For(ExamplePerson, ExampleCompany, [], mailbox);
        var lead = await leads.Get(WorkspaceId, id, Cancel);
        return MergeFields.For(lead.Contact, lead.Company, lead.Facts, mailbox);
    }

    static string Describe(LeadRow row, long? worst) =>
        row.FullName + (row.CompanyName is null ? "" : $", {row.CompanyName}")
        + (row.Id == worst ? " (least known)" : "");

    static string AddWord(StepKind kind) => kind switch
    {
        StepKind.Email => "an email step",
        StepKind.LinkedIn => "a LinkedIn step",
        StepKind.Wait => "a wait",
        StepKind.Condition => "a condition",
        _ => "a task",
    };
}
