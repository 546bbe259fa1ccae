using System.Runtime.Versioning;
using Overture.Core.Model;

namespace Overture.Core.Tests.Pipeline;

/// <summary>Hand-made histories: who was written to when, and what came back.</summary>
[SupportedOSPlatform("linux")]
public sealed class TouchHistory(TestWorkspace test)
{
    static readonly string[] industries = ["Logistics", "Software", "Retail", "Finance", "Healthcare"];
    static readonly string[] titles = ["CEO", "Head of Sales", "Engineer", "Marketing Manager", "Analyst"];

    long campaign;

    DateTime Now => test.Time.GetUtcNow().UtcDateTime;

    /// <summary>One lead enrolled so many days ago; what happened to it is said by events.</summary>
    public async Task<long> Enroll(string name, double daysAgo, string finish = "completed")
    {
        await EnsureCampaign();
        await using var session = await test.Database.Open(test.Id, default);
        var id = await session.One<long>(
            """
            with c as (insert into contacts (workspace_id, full_name, email, email_key, source, created_at,
                    updated_at)
                values (@ws, @name, @name || '@past.example', lower(@name) || '@past.example', 'test', @at, @at)
                returning id),
            l as (insert into leads (workspace_id, contact_id, state, source, created_at, updated_at)
                select @ws, id, 'enrolled', 'test', @at, @at from c returning id, contact_id)
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, finish_reason,
                created_at, finished_at)
            select @ws, @campaign, id, contact_id, 'finished', @finish, @at, @at from l returning id
            """,
            new { ws = test.Id, name, campaign, finish, at = Now.AddDays(-daysAgo) }, default);
        await session.Commit(default);
        return id;
    }

    /// <summary>Something happened to an enrollment so many days ago.</summary>
    public Task Event(long enrollment, string kind, double daysAgo, string? intent = null) => test.Do(
        """
        insert into events (workspace_id, kind, campaign_id, enrollment_id, contact_id, data, occurred_at)
        select workspace_id, @kind, campaign_id, id, contact_id,
            case when @intent::text is not null then jsonb_build_object('intent', @intent) end, @at
        from enrollments where id = @enrollment
        """,
        new { enrollment, kind, intent, at = Now.AddDays(-daysAgo) });

    /// <summary>Written to so many days ago.</summary>
    public async Task<long> Sent(string name, double daysAgo)
    {
        var enrollment = await Enroll(name, daysAgo);
        await Event(enrollment, "sent", daysAgo);
        return enrollment;
    }

    /// <summary>
    /// Many leads with companies, all written to between 30 and 120 days ago. Those whose description mentions
    /// the secret word say yes far more often; nothing else matters but the size of the company, a little.
    /// </summary>
    public async Task Finished(int count, string secret, int seed = 1)
    {
        await EnsureCampaign();
        var random = new Random(seed);
        await using var session = await test.Database.Open(test.Id, default);
        for (var i = 0; i < count; i++)
        {
            var size = random.Next(5, 2_000);
            var isMarked = random.NextDouble() < 0.3;
            var says = random.NextDouble() < (isMarked ? 0.45 : 0.05) + (size > 500 ? 0.05 : 0);
            var at = Now.AddDays(-random.Next(30, 120));
            await session.Run(
                """
                with co as (insert into companies (workspace_id, name, match_name, domain, industry, description,
                        employee_count, source, created_at, updated_at)
                    values (@ws, 'Past ' || @i, 'past ' || @i, 'past' || @i || '.example', @industry,
                        @description, @size, 'test', @at, @at) returning id),
                c as (insert into contacts (workspace_id, company_id, full_name, title, email, email_key, source,
                        created_at, updated_at)
                    select @ws, id, 'Past ' || @i, @title, 'p' || @i || '@past.example',
                        'p' || @i || '@past.example', 'test', @at, @at from co returning id, company_id),
                l as (insert into leads (workspace_id, contact_id, company_id, state, source, created_at,
                        updated_at)
                    select @ws, id, company_id, 'enrolled', 'test', @at, @at from c returning id, contact_id),
                e as (insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state,
                        finish_reason, created_at, finished_at)
                    select @ws, @campaign, id, contact_id, 'finished', @finish, @at, @end from l
                    returning id, contact_id)
                insert into events (workspace_id, kind, campaign_id, enrollment_id, contact_id, occurred_at)
                select @ws, k.kind, @campaign, e.id, e.contact_id, k.at from e
                join (values ('sent', @at::timestamptz), ('replied', @end::timestamptz)) as k (kind, at)
                    on k.kind = 'sent' or @says
                """,
                new
                {
                    ws = test.Id, i, size, campaign, at, says, finish = says ? "replied" : "completed",
                    end = at.AddDays(1 + (4 * random.NextDouble())),
                    industry = industries[random.Next(industries.Length)],
                    title = titles[random.Next(titles.Length)],
                    description = isMarked ? $"We do {secret} and more" : "We do this and that",
                },
                default);
        }

        await session.Commit(default);
    }

    /// <summary>Leads that wait to be ranked; every second one mentions the word.</summary>
    public async Task Waiting(int count, string word)
    {
        for (var i = 0; i < count; i++)
        {
            await test.Get<Core.Pipeline.AddLead>().Run(
                test.Id, new Contact { FullName = $"Next {i}", Email = $"n{i}@next.example", Title = "CEO" },
                new Company
                {
                    Name = $"Next {i}", Domain = $"next{i}.example", EmployeeCount = 100,
                    Description = i % 2 == 0 ? "We do this and that" : $"We do {word} and more",
                }, default);
        }
    }

    async Task EnsureCampaign()
    {
        if (campaign != 0) return;
        await using var session = await test.Database.Open(test.Id, default);
        campaign = await session.One<long>(
            """
            insert into campaigns (workspace_id, name, state, created_at, updated_at)
            values (@ws, 'Past', 'draft', @now, @now) returning id
            """,
            new { ws = test.Id, now = Now }, default);
        await session.Commit(default);
    }
}
