using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>A campaign to begin with: complete, and meant to be rewritten.</summary>
public sealed record CampaignStarter(string Key, string Name, string Why, CampaignDraft Draft);

/// <summary>The campaigns one can begin with. Each has a fallback for every field that may be missing.</summary>
public static class CampaignStarters
{
    const string Hello = "Hi {{or first_name \"there\"}},\n\n";
    const string Bye = "\n\n{{sender_name}}";

    public static IReadOnlyList<CampaignStarter> All { get; } =
    [
        Make("one-email", "One email", "A single question to a small, well-chosen audience.", First()),
        Make(
            "three-touches", "Three emails",
            "A question, one example, and a polite last word over two weeks.", First(), Example(),
            LastWord()),
        Make(
            "email-linkedin", "Email and LinkedIn",
            "An email, a LinkedIn message that you send by hand, and a call to those who do not answer.",
            First(),
            new StepDraft
            {
                Kind = StepKind.LinkedIn, DelayDays = 3, InWorkingDays = true,
                Variants =
                [
                    new VariantDraft("", "Hi {{or first_name \"there\"}}, I wrote to you about "
                        + "{{or pain_point \"your work\"}} at {{or company \"your company\"}}. May I connect?"),
                ],
            },
            new StepDraft
            {
                Kind = StepKind.Manual, Manual = ManualKind.Call, DelayDays = 4, InWorkingDays = true,
                Variants =
                [
                    new VariantDraft(
                        "Call {{or full_name \"the contact\"}}",
                        "Ask whether {{or pain_point \"the subject\"}} matters this year."),
                ],
            }),
        Make(
            "opened-or-not", "Follow the interest",
            "Who opens the first email gets an example; who does not gets another first line.", First(),
            new StepDraft
            {
                Kind = StepKind.Condition, DelayDays = 0,
                Condition = new ConditionDraft
                {
                    Test = ConditionTest.Opened, WindowDays = 4, Yes = "example", No = "again",
                },
            },
            Example() with { Key = "example", DelayDays = 1, EndsHere = true },
            LastWord() with { Key = "again", DelayDays = 0 }),
        Make(
            "two-wordings", "Compare two wordings",
            "Two first emails, dealt out evenly, until one is clearly better.",
            First() with
            {
                Variants =
                [
                    First().Variants[0],
                    new VariantDraft(
                        "{{or first_name \"Hello\"}}, who looks after this?",
                        Hello + "who at {{or company \"your company\"}} looks after "
                        + "{{or pain_point \"this\"}}? A name would help me a lot." + Bye),
                ],
            },
            LastWord()),
    ];

    static CampaignStarter Make(string key, string name, string why, params StepDraft[] steps) =>
        new(key, name, why, new CampaignDraft
        {
            Name = "", Audience = new LeadFilter { HasEmail = true }, Steps = steps,
        });

    static StepDraft First() => new()
    {
        Variants =
        [
            new VariantDraft(
                "{{or company \"Your team\"}} and {{or pain_point \"a question\"}}",
                Hello + "many {{or industry \"growing\"}} companies tell us that "
                + "{{or pain_point \"manual work\"}} takes more of the week than it should.\n\n"
                + "Would fifteen minutes next week be of use?" + Bye),
        ],
    };

    static StepDraft Example() => new()
    {
        DelayDays = 3, InWorkingDays = true,
        Variants =
        [
            new VariantDraft(
                "Re: {{or company \"Your team\"}} and {{or pain_point \"a question\"}}",
                Hello + "a short example of how another team in {{or industry \"your field\"}} solved this "
                + "might help. Shall I send it?" + Bye),
        ],
    };

    static StepDraft LastWord() => new()
    {
        DelayDays = 5, InWorkingDays = true,
        Variants =
        [
            new VariantDraft(
                "Re: {{or company \"Your team\"}} and {{or pain_point \"a question\"}}",
                Hello + "I do not want to fill your inbox. Is {{or pain_point \"this\"}} something for this "
                + "year? A yes or a no is equally welcome." + Bye),
        ],
    };
}
