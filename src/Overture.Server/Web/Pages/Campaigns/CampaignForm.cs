using System.Globalization;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Web;

/// <summary>One text of a step as it stands in the editor.</summary>
public sealed record EditedText(string Subject, string Body);

/// <summary>One step as it stands in the editor; the delay is text until it is checked.</summary>
public sealed record EditedStep(Channel Channel, string DelayDays, IReadOnlyList<EditedText> Texts);

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
    public IReadOnlyList<EditedStep> Steps { get; init; } = [];

    public static CampaignForm Starter(long? mailboxId) => new()
    {
        MailboxId = mailboxId,
        Audience = new LeadFilter { HasEmail = true },
        Steps =
        [
            new EditedStep(Channel.Email, "0",
            [
                new EditedText(
                    "{{or company \"Your team\"}} and {{or pain_point \"a question\"}}",
                    "Hi {{or first_name \"there\"}},\n\n"
                    + "many {{or industry \"growing\"}} companies tell us that "
                    + "{{or pain_point \"manual work\"}} takes more of the week than it should.\n\n"
                    + "Would fifteen minutes next week be of use?\n\n{{sender_name}}"),
            ]),
        ],
    };

    public static CampaignForm Of(CampaignDetail detail) => new()
    {
        Name = detail.Campaign.Name, Goal = detail.Campaign.Goal, MailboxId = detail.Campaign.MailboxId,
        Audience = detail.Audience,
        Steps = [.. detail.Steps.Select(step => new EditedStep(
            step.Channel, step.DelayDays.ToString(CultureInfo.InvariantCulture),
            [.. step.Variants.Select(text => new EditedText(text.Subject, text.Body))]))],
    };

    /// <summary>
    /// What was posted. The audience's parts that the editor does not show stay as they were.
    /// </summary>
    public static CampaignForm Read(IFormCollection form, LeadFilter before) => new()
    {
        Name = form["name"].ToString(), Goal = form["goal"].ToString(),
        MailboxId = long.TryParse(
            form["mailbox_id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
        Audience = before with
        {
            Search = Blank(form, "search"), Source = Blank(form, "source"),
            Industry = Blank(form, "industry"),
            Country = Blank(form, "country"),
            MinScore = decimal.TryParse(form["min_score"], NumberStyles.Number, CultureInfo.InvariantCulture,
                out var score) ? score : null,
            HasEmail = bool.TryParse(form["has_email"], out var has) ? has : null,
        },
        Steps = [.. Enumerable.Range(0, Count(form, "steps", MostSteps))
            .Select(step => ReadStep(form, step))],
    };

    /// <summary>
    /// Does what a button of the editor asks: `add-email`, `add-linkedin`, `drop-step-0`, `add-text-0`,
    /// `drop-text-0-1`.
    /// </summary>
    public CampaignForm After(string act) => act.Split('-') switch
    {
        ["add", "email"] => WithStep(new EditedStep(Channel.Email, "3", [new EditedText("", "")])),
        ["add", "linkedin"] => WithStep(new EditedStep(Channel.LinkedIn, "3", [new EditedText("", "")])),
        ["drop", "step", var step] when At(step, Steps.Count) is { } s =>
            this with { Steps = Without(Steps, s) },
        ["add", "text", var step] when At(step, Steps.Count) is { } s && Steps[s].Texts.Count < MostTexts =>
            WithTexts(s, [.. Steps[s].Texts, LastText(Steps[s])]),
        ["drop", "text", var step, var text] when At(step, Steps.Count) is { } s
            && At(text, Steps[s].Texts.Count) is { } t =>
            WithTexts(s, Without(Steps[s].Texts, t)),
        _ => this,
    };

    /// <summary>Everything that is wrong, by the name of the field it stands in.</summary>
    public Dictionary<string, string> Problems(ITemplateCheck templates)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Name.Trim().Length is 0 or > LongestName)
            found["name"] = $"Give the campaign a name of at most {LongestName} characters.";
        if (Steps.Count == 0) found["steps"] = "A campaign needs at least one step.";
        foreach (var (s, step) in Steps.Index())
        {
            if (Days(step) is null) found[$"s{s}_delay"] = $"A step may wait 0 to {LongestDelayDays} days.";
            foreach (var (t, text) in step.Texts.Index())
            {
                Note(found, $"s{s}_t{t}_subject", () => Template.Parse(text.Subject));
                Note(found, $"s{s}_t{t}_body", () => Template.Parse(text.Body));
                if (found.ContainsKey($"s{s}_t{t}_subject") || found.ContainsKey($"s{s}_t{t}_body")) continue;
                Note(
                    found, $"s{s}_t{t}_body", () => templates.Check(step.Channel, text.Subject, text.Body),
                    $"s{s}_t{t}_");
            }
        }

        return found;
    }

    /// <summary>The draft to keep; only for a form without problems.</summary>
    public CampaignDraft Draft() => new()
    {
        Name = Name, Goal = Goal, MailboxId = MailboxId, Audience = Audience,
        Steps = [.. Steps.Select(step => new StepDraft
        {
            Channel = step.Channel, DelayDays = Days(step) ?? 0,
            Variants = [.. step.Texts.Select(text => new VariantDraft(text.Subject, text.Body))],
        })],
    };

    // Another wording begins as a copy: it is easier to change a sentence than to start anew.
    static EditedText LastText(EditedStep step) =>
        step.Texts is [.., var last] ? last : new EditedText("", "");

    CampaignForm WithStep(EditedStep step) =>
        Steps.Count < MostSteps ? this with { Steps = [.. Steps, step] } : this;

    CampaignForm WithTexts(int step, IReadOnlyList<EditedText> texts) =>
        this with
        {
            Steps = [.. Steps.Select((one, index) => index == step ? one with { Texts = texts } : one)],
        };

    static EditedStep ReadStep(IFormCollection form, int step) => new(
        form[$"s{step}_channel"] == "linkedin" ? Channel.LinkedIn : Channel.Email,
        form[$"s{step}_delay"].ToString(),
        [.. Enumerable.Range(0, Count(form, $"s{step}_texts", MostTexts)).Select(text => new EditedText(
            form[$"s{step}_t{text}_subject"].ToString(),
            // A browser posts line ends as CR LF; the text is kept with LF.
            form[$"s{step}_t{text}_body"].ToString().ReplaceLineEndings("\n")))]);

    static int Count(IFormCollection form, string name, int most) =>
        int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Min(count, most) : 0;

    static string? Blank(IFormCollection form, string name) =>
        form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    static int? At(string text, int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count
            ? index : null;

    static List<T> Without<T>(IReadOnlyList<T> items, int index) => [.. items.Where((_, at) => at != index)];

    static int? Days(EditedStep step) =>
        int.TryParse(step.DelayDays, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days <= LongestDelayDays
            ? days
            : null;

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
