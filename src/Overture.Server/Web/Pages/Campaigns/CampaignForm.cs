using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

/// <summary>
/// A campaign as it stands in the editor, right or wrong. Everything travels in the form, so the editor works
/// without scripts and keeps nothing on the server until it is saved.
/// </summary>
public sealed record CampaignForm
{
    const int MostSteps = 50;
    const int MostTexts = 5;
    const int LongestName = 200;
    const int LongestDelayDays = 365;

    public string Name { get; init; } = "";
    public string Goal { get; init; } = "";
    public long? MailboxId { get; init; }
    public LeadFilter Audience { get; init; } = new();
    public long? SegmentId { get; init; }
    public string SegmentName { get; init; } = "";
    public bool StopOnReply { get; init; } = true;
    public bool StopOnCompanyReply { get; init; } = true;
    public bool StopOnBounce { get; init; }
    public bool AllowsOverlap { get; init; }
    public bool ApprovesEach { get; init; }
    public string NewPerDay { get; init; } = Number(CampaignDraft.UsualNewPerDay);
    public OnUncertain OnUncertain { get; init; } = OnUncertain.AssumeSent;
    public IReadOnlyList<EditedStep> Steps { get; init; } = [];

    public static CampaignForm Of(CampaignDraft draft) => new()
    {
        Name = draft.Name, Goal = draft.Goal, MailboxId = draft.MailboxId, Audience = draft.Audience,
        SegmentId = draft.SegmentId, StopOnReply = draft.StopOnReply,
        StopOnCompanyReply = draft.StopOnCompanyReply, StopOnBounce = draft.StopOnBounce,
        AllowsOverlap = draft.AllowsOverlap,
        ApprovesEach = draft.ApprovesEach, OnUncertain = draft.OnUncertain,
        NewPerDay = draft.NewPerDayLimit is { } limit ? Number(limit) : "",
        Steps = [.. draft.Steps.Select((step, index) => EditedStep.Of(step, index))],
    };

    /// <summary>
    /// What was posted. The audience's parts that the editor does not show stay as they were.
    /// </summary>
    public static CampaignForm Read(IFormCollection form, LeadFilter before) => new()
    {
        Name = form["name"].ToString(), Goal = form["goal"].ToString(), MailboxId = Id(form, "mailbox_id"),
        SegmentId = Id(form, "segment_id"), SegmentName = form["segment_name"].ToString(),
        StopOnReply = form.ContainsKey("stop_on_reply"),
        StopOnCompanyReply = form.ContainsKey("stop_on_company_reply"),
        StopOnBounce = form.ContainsKey("stop_on_bounce"),
        AllowsOverlap = form.ContainsKey("allows_overlap"), ApprovesEach = form.ContainsKey("approves_each"),
        NewPerDay = form["new_per_day"].ToString().Trim(),
        OnUncertain = EditedStep.Chosen(form["on_uncertain"], OnUncertain.AssumeSent),
        Audience = before with
        {
            Search = Blank(form, "search"), Source = Blank(form, "source"),
            Industry = Blank(form, "industry"), Country = Blank(form, "country"),
            ListId = Id(form, "list_id"),
                MinScore = decimal.TryParse(
                    form["min_score"], NumberStyles.Number, CultureInfo.InvariantCulture,
                    out var score) ? score : null,
            HasEmail = bool.TryParse(form["has_email"], out var has) ? has : null,
        },
        Steps = [.. Enumerable.Range(0, EditedStep.Count(form, "steps", MostSteps))
            .Select(step => EditedStep.Read(form, step, MostTexts))],
    };

    /// <summary>
    /// Does what a button of the editor asks: `add-email`, `below-0-wait`, `drop-step-0`, `up-1`, `down-0`,
    /// `add-text-0`, `drop-text-0-1`.
    /// </summary>
    public CampaignForm After(string act) => act.Split('-') switch
    {
        ["add", "text", var step] when At(step, Steps.Count) is { } s && Steps[s].Texts.Count < MostTexts =>
            WithTexts(s, [.. Steps[s].Texts, Copy(Steps[s])]),
        ["add", var kind] => WithStep(Steps.Count, kind),
        ["below", var step, var kind] when At(step, Steps.Count) is { } s => WithStep(s + 1, kind),
        ["drop", "step", var step] when At(step, Steps.Count) is { } s =>
            this with { Steps = Without(Steps, s) },
        ["up", var step] when At(step, Steps.Count) is { } s && s > 0 => Swapped(s - 1, s),
        ["down", var step] when At(step, Steps.Count) is { } s && s < Steps.Count - 1 => Swapped(s, s + 1),
        ["drop", "text", var step, var text] when At(step, Steps.Count) is { } s
            && At(text, Steps[s].Texts.Count) is { } t =>
            WithTexts(s, Without(Steps[s].Texts, t)),
        _ => this,
    };

    /// <summary>Everything that is wrong in a field, by the name of the field.</summary>
    public Dictionary<string, string> Problems(ITemplateCheck templates)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Name.Trim().Length is 0 or > LongestName)
            found["name"] = $"Give the campaign a name of at most {LongestName} characters.";
        if (NewPerDay.Length > 0 && NewPerDayLimit is null)
            found["new_per_day"] = "At least 1, or nothing at all for no limit.";
        if (Steps.Count == 0) found["steps"] = "A campaign needs at least one step.";
        foreach (var (s, step) in Steps.Index())
        {
            if (step.Days is not { } days || days > LongestDelayDays)
                found[$"s{s}_delay"] = $"A step may wait 0 to {LongestDelayDays} days.";
            else if (step.Kind == StepKind.Wait && days == 0)
                found[$"s{s}_delay"] = "A wait lasts at least one day.";
            foreach (var (t, text) in step.Texts.Index()) CheckText(found, templates, step, s, t, text);
        }

        return found;
    }

    /// <summary>The draft to keep; numbers that cannot be read are left at their usual value.</summary>
    public CampaignDraft Draft() => new()
    {
        Name = Name, Goal = Goal, MailboxId = MailboxId, Audience = Audience, SegmentId = SegmentId,
        StopOnReply = StopOnReply, StopOnCompanyReply = StopOnCompanyReply, StopOnBounce = StopOnBounce,
        AllowsOverlap = AllowsOverlap,
        ApprovesEach = ApprovesEach, OnUncertain = OnUncertain, NewPerDayLimit = NewPerDayLimit,
        Steps = [.. Steps.Select(step => step.Draft())],
    };

    int? NewPerDayLimit =>
        int.TryParse(NewPerDay, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
            ? limit : null;

    static void CheckText(
        Dictionary<string, string> found, ITemplateCheck templates, EditedStep step, int s, int t,
        EditedText text)
    {
        Note(found, $"s{s}_t{t}_subject", () => Template.Parse(text.Subject));
        Note(found, $"s{s}_t{t}_body", () => Template.Parse(text.Body));
        if (found.ContainsKey($"s{s}_t{t}_subject") || found.ContainsKey($"s{s}_t{t}_body")) return;
        Note(
            found, $"s{s}_t{t}_body", () => templates.Check(step.Kind, text.Subject, text.Body),
            $"s{s}_t{t}_");
    }

    // Another wording begins as a copy: it is easier to change a sentence than to start anew.
    static EditedText Copy(EditedStep step) =>
        step.Texts is [.., var last] ? last with { Id = null } : new EditedText("", "");

    CampaignForm WithStep(int at, string kind)
    {
        if (Steps.Count >= MostSteps || EditedStep.New(kind, Steps) is not { } step) return this;
        return this with { Steps = [.. Steps.Take(at), step, .. Steps.Skip(at)] };
    }

    CampaignForm WithTexts(int step, IReadOnlyList<EditedText> texts) =>
        this with
        {
            Steps = [.. Steps.Select((one, index) => index == step ? one with { Texts = texts } : one)],
        };

    CampaignForm Swapped(int one, int other)
    {
        var steps = Steps.ToList();
        (steps[one], steps[other]) = (steps[other], steps[one]);
        return this with { Steps = steps };
    }

    static string? Blank(IFormCollection form, string name) =>
        form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    static long? Id(IFormCollection form, string name) =>
        long.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    static int? At(string text, int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
            ? index : null;

    static List<T> Without<T>(IReadOnlyList<T> items, int index) => [.. items.Where((_, at) => at != index)];

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static void Note(Dictionary<string, string> found, string field, Action check, string? prefix = null)
    {
        try
        {
            check();
        }
        catch (RuleBroken broken)
        {
            var isNamed = prefix is not null && broken.Pointer is ("subject" or "body");
            found[isNamed ? prefix + broken.Pointer : field] = broken.Sentence;
        }
    }
}
