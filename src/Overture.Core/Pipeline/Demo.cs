using Overture.Core.Model;

namespace Overture.Core.Pipeline;

/// <summary>
/// A workspace to look at: a mailbox without a server, and a campaign that can only be captured.
/// </summary>
public sealed class Demo(
    Workspaces workspaces, Mailboxes mailboxes, Campaigns campaigns, Rankings rankings)
{
    public const string WorkspaceName = "Demo";
    public const int LeadCount = 200;

    /// <summary>
    /// The demo workspace's id; makes it on the first call and finds it on every later one.
    /// </summary>
    public async Task<long> Ensure(CancellationToken cancel)
    {
        var known = await workspaces.All(cancel);
        if (known.FirstOrDefault(workspace => workspace.Name == WorkspaceName) is { } existing)
            return await Complete(existing.Id, cancel);
        var id = await workspaces.Add(WorkspaceName, "UTC", cancel);
        return await Complete(id, cancel);
    }

    /// <summary>
    /// Every part is looked for first, so that an interrupted first start is completed by the next.
    /// </summary>
    async Task<long> Complete(long workspaceId, CancellationToken cancel)
    {
        var boxes = await mailboxes.List(workspaceId, cancel);
        var mailboxId = boxes.Count > 0 ? boxes[0].Id : await AddMailbox(workspaceId, cancel);
        if ((await campaigns.List(workspaceId, cancel)).Count > 0) return workspaceId;
        await rankings.Put(workspaceId, LookingFor(), "demo", cancel);
        var campaignId = await campaigns.Create(workspaceId, Campaign(mailboxId), cancel);
        await campaigns.Start(workspaceId, campaignId, cancel);
        return workspaceId;
    }

    Task<long> AddMailbox(long workspaceId, CancellationToken cancel) =>
        mailboxes.Create(
            workspaceId,
            new MailboxDraft
            {
                Address = "ada@overture.example", FromName = "Ada Lorenz", PerMinuteLimit = 6_000,
                DailyLimit = 10_000, WeeklyLimit = 50_000, MinGapSeconds = 0, RampStep = null,
                FirstTouchLimit = null, DomainLimit = null, WindowZone = WindowZone.Mailbox,
                WindowOpens = new TimeOnly(0, 0), WindowCloses = new TimeOnly(23, 59, 59),
                WorkingDays = [1, 2, 3, 4, 5, 6, 7], BookingLink = "https://overture.example/book/ada",
                PostalAddress = "Overture Demo, 1 Example Street, Example City",
            },
            cancel);

    static RankingSettings LookingFor() => new()
    {
        Profile = new Ranking.IdealCustomerProfile
        {
            Industries = ["Technology", "Logistics", "Manufacturing"], EmployeesFrom = 20, EmployeesTo = 500,
            Seniorities =
            [
                Ranking.Seniority.Founder, Ranking.Seniority.CLevel, Ranking.Seniority.Vp,
                Ranking.Seniority.Head,
            ],
            FundedWithinDays = 365,
        },
        Positive = ["operations", "supply", "engineering", "platform"],
        Negative = ["intern", "assistant"],
        Exploratory = ["data"],
    };

    static CampaignDraft Campaign(long mailboxId) => new()
    {
        Name = "Hello from the demo",
        Goal = "Show what a campaign looks like. Nothing leaves this computer.",
        MailboxId = mailboxId,
        NewPerDayLimit = null,
        Steps =
        [
            new StepDraft
            {
                Variants =
                [
                    new VariantDraft(
                        "{{or pain_point \"a question\"}} at {{company}}",
                        """Hi {{or first_name "there"}},""" + "\n\n"
                        + """many {{or industry "growing"}} companies tell us that """
                        + """{{or pain_point "manual work"}} takes more of the week than it should. """
                        + """As {{or title "part of the team"}} at {{company}} you may see it first."""
                        + "\n\n{{#if raised}}Congratulations on raising {{raised}}; it is often the moment "
                        + "to fix it.\n\n{{/if}}We have put together a short example for teams in "
                        + """{{or city "your region"}}. Would fifteen minutes next week be of use?"""
                        + "\n\n{{sender_name}}"),
                    new VariantDraft(
                        "{{or first_name \"Hello\"}}, fifteen minutes for {{company}}?",
                        """Hi {{or first_name "there"}},""" + "\n\n"
                        + """a quick question: when {{or buying_trigger "things change"}} comes up at """
                        + """{{company}}, who looks after {{or pain_point "the extra work"}}?""" + "\n\n"
                        + "If it is you, I would gladly show you how others in "
                        + """{{or industry "your field"}} handle it. If not, a name would help me a lot."""
                        + "\n\n{{sender_name}}"),
                ],
            },
            new StepDraft
            {
                DelayDays = 3, InWorkingDays = true,
                Variants =
                [
                    new VariantDraft(
                        "Re: {{or pain_point \"a question\"}} at {{company}}",
                        """Hi {{or first_name "there"}},""" + "\n\n"
                        + """just in case my note got lost. Is {{or pain_point "this"}} something you """
                        + "want to change this year? A yes or a no is equally welcome.\n\n{{sender_name}}"),
                ],
            },
            new StepDraft
            {
                Kind = StepKind.LinkedIn, DelayDays = 4, InWorkingDays = true,
                Variants =
                [
                    new VariantDraft(
                        "",
                        "Hi {{or first_name \"there\"}}, I wrote to you about {{or pain_point \"your "
                        + "work\"}} at {{company}}. Happy to connect and share the example here."),
                ],
            },
        ],
    };
}
