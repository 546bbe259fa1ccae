using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Testing;

/// <summary>Hand-made histories: who was written to when, and what came back.</summary>
public sealed class TouchHistory(Database database, long workspace, TimeProvider time)
{
    static readonly string[] industries = ["Logistics", "Software", "Retail", "Finance", "Healthcare"];
    static readonly string[] titles = ["CEO", "Head of Sales", "Engineer", "Marketing Manager", "Analyst"];

    long campaign;

    DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>One lead enrolled so many days ago; what happened to it is said by events.</summary>
    public async Task<long> Enroll(string name, double daysAgo, string finish = "completed")
    {
        await EnsureCampaign();
        await using var session = await database.Open(workspace, default);
        var id = await session.One<long>(
            """
            with c as (insert into contacts (workspace_id, full_name, email, email_key, source, created_at,
                    updated_at)
                values (@ws, @name, @name || '@past.example', lower(@name) || '@past.example', 'test', @at,
                    @at)
                returning id),
            l as (insert into leads (workspace_id, contact_id, state, source, created_at, updated_at)
                select @ws, id, 'enrolled', 'test', @at, @at from c returning id, contact_id)
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, finish_reason,
                created_at, finished_at)
            select @ws, @campaign, id, contact_id, 'finished', @finish, @at, @at from l returning id
            """,
            new { ws = workspace, name, campaign, finish, at = Now.AddDays(-daysAgo) }, default);
        await session.Commit(default);
        return id;
    }

    /// <summary>Something happened to an enrollment so many days ago.</summary>
    public async Task Event(long enrollment, string kind, double daysAgo, string? intent = null)
    {
        await using var session = await database.Open(workspace, default);
        await session.Run(
            """
            insert into events (workspace_id, kind, campaign_id, enrollment_id, contact_id, data, occurred_at)
            select workspace_id, @kind, campaign_id, id, contact_id,
                case when @intent::text is not null then jsonb_build_object('intent', @intent::text) end, @at
            from enrollments where id = @enrollment
            """,
            new { enrollment, kind, intent, at = Now.AddDays(-daysAgo) }, default);
        await session.Commit(default);
    }

    /// <summary>Written to so many days ago.</summary>
    public async Task<long> Sent(string name, double daysAgo)
    {
        var enrollment = await Enroll(name, daysAgo);
        await Event(enrollment, "sent", daysAgo);
        return enrollment;
    }

    /// <summary>
    /// Many leads with companies, all written to between 30 and 120 days ago. Those whose description
    /// mentions the secret word say yes far more often; nothing else matters but the company's size, a
    /// little.
    /// </summary>
    public async Task Finished(int count, string secret, int seed = 1)
    {
        await EnsureCampaign();
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            var (size, isMarked) = (random.Next(5, 2_000), random.NextDouble() < 0.3);
            var at = Now.AddDays(-random.Next(30, 120));
            return (Size: size, At: at, End: at.AddDays(1 + (4 * random.NextDouble())),
                Says: random.NextDouble() < (isMarked ? 0.45 : 0.05) + (size > 500 ? 0.05 : 0),
                Industry: industries[random.Next(industries.Length)],
                Title: titles[random.Next(titles.Length)],
                Description: isMarked ? $"We do {secret} and more" : "We do this and that");
        }).ToList();
        await using var session = await database.Open(workspace, default);
        await session.Run(
            """
            create temp table past on commit drop as
            select 'past' || row_number() over () as key, *
            from unnest(@sizes, @ats, @ends, @says, @industries, @titles, @descriptions)
                as r (size, at, ended, says, industry, title, description);
            insert into companies (workspace_id, name, match_name, domain, industry, description,
                employee_count, source, created_at, updated_at)
            select @ws, key, key, key || '.example', industry, description, size, 'test', at, at from past;
            insert into contacts (workspace_id, company_id, full_name, title, email, email_key, source,
                created_at, updated_at)
            select @ws, co.id, key, title, key || '@past.example', key || '@past.example', 'test', at, at
            from past join companies co on co.workspace_id = @ws and co.match_name = key;
            insert into leads (workspace_id, contact_id, company_id, state, source, created_at, updated_at)
            select @ws, c.id, c.company_id, 'enrolled', 'test', at, at
            from past join contacts c on c.workspace_id = @ws and c.full_name = key;
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, finish_reason,
                created_at, finished_at)
            select @ws, @campaign, l.id, c.id, 'finished',
                case when says then 'replied' else 'completed' end, at, ended
            from past join contacts c on c.workspace_id = @ws and c.full_name = key
            join leads l on l.workspace_id = @ws and l.contact_id = c.id;
            insert into events (workspace_id, kind, campaign_id, enrollment_id, contact_id, occurred_at)
            select @ws, k.kind, @campaign, e.id, e.contact_id,
                case when k.kind = 'sent' then at else ended end
            from past join contacts c on c.workspace_id = @ws and c.full_name = key
            join enrollments e on e.workspace_id = @ws and e.contact_id = c.id
            join (values ('sent'), ('replied')) as k (kind) on k.kind = 'sent' or says;
            """,
            new
            {
                ws = workspace, campaign, sizes = rows.Select(r => r.Size).ToArray(),
                ats = rows.Select(r => r.At).ToArray(), ends = rows.Select(r => r.End).ToArray(),
                says = rows.Select(r => r.Says).ToArray(),
                industries = rows.Select(r => r.Industry).ToArray(),
                titles = rows.Select(r => r.Title).ToArray(),
                descriptions = rows.Select(r => r.Description).ToArray(),
            },
            default);
        await session.Commit(default);
    }

    /// <summary>Leads that wait to be ranked; every second one mentions the word.</summary>
    public async Task Waiting(AddLead add, int count, string word)
    {
        for (var i = 0; i < count; i++)
        {
            await add.Run(
                workspace, new Contact { FullName = $"Next {i}", Email = $"n{i}@next.example", Title = "CEO" },
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
        await using var session = await database.Open(workspace, default);
        campaign = await session.One<long>(
            """
            insert into campaigns (workspace_id, name, state, created_at, updated_at)
            values (@ws, 'Past', 'draft', @now, @now) returning id
            """,
            new { ws = workspace, now = Now }, default);
        await session.Commit(default);
    }
}
