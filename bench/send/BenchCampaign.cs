using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Bench.Send;

/// <summary>
/// A workspace with mailboxes over the sink and two-step campaigns, filled by set-based statements.
/// </summary>
sealed class BenchCampaign(IServiceProvider house, Database database, int sinkPort, int sessions)
{
    const int SessionsPerMailbox = 5;
    static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);
    static readonly CancellationToken Cancel = CancellationToken.None;

    long workspace;

    public async Task Fill(int count, bool isSigned)
    {
        await Clear();
        workspace = await house.GetRequiredService<Workspaces>().Add("Bench", "UTC", Cancel);
        await house.GetRequiredService<Workspaces>().SetDryRun(workspace, false, Cancel);
        if (isSigned)
            await house.GetRequiredService<DomainKeys>().Put(
                workspace, "sender.example", "bench", null, Cancel);
        await Do(
            """
            insert into companies (workspace_id, name, match_name, domain, source, created_at, updated_at)
            select @workspace, 'Client ' || n, 'client ' || n, 'client' || n || '.example', 'bench',
                now(), now()
            from generate_series(1, @count) n
            """, count);
        await Do(
            """
            insert into contacts (workspace_id, company_id, full_name, first_name, last_name, title, email,
                email_key, city, source, created_at, updated_at)
            select @workspace, id, 'Ann Row' || id, 'Ann', 'Row' || id, 'Head of Operations',
                'ann@' || domain, 'ann@' || domain, 'Vienna', 'bench', now(), now() from companies
            """, count);
        await Do(
            """
            insert into leads (workspace_id, contact_id, company_id, state, source, score, created_at,
                updated_at)
            select @workspace, id, company_id, 'ranked', 'bench', id % 100, now(), now() from contacts
            """, count);
        var mailboxes = Math.Max(1, sessions / SessionsPerMailbox);
        for (var number = 0; number < mailboxes; number++) await Enroll(number, mailboxes, count);
        await Do("analyze (skip_locked)", 0);
    }

    public async Task Write()
    {
        var compose = house.GetRequiredService<ComposeMessages>();
        while (await compose.RunBatch(workspace, Cancel) > 0) { }
        await Do("analyze (skip_locked)", 0);
    }

    /// <summary>Sends until nothing is due any more, writing beside it when asked to.</summary>
    public async Task Send(int node, bool alsoWrite)
    {
        var loop = house.GetRequiredService<SendLoop>();
        var writing = alsoWrite ? Write() : Task.CompletedTask;
        while (!writing.IsCompleted) await loop.Drain(node, Cancel);
        await writing;
        await loop.Drain(node, Cancel);
    }

    /// <summary>
    /// Says on standard error, after every so many messages, how much memory the process holds; until
    /// stopped.
    /// </summary>
    public async Task Watch(int every, CancellationToken stop)
    {
        using var self = Process.GetCurrentProcess();
        using var ticks = new PeriodicTimer(WatchInterval);
        var (watch, next) = (Stopwatch.StartNew(), every);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                await using var session = await database.OpenInstance(stop);
                var sent = await session.Connection.ExecuteScalarAsync<long>(
                    "select coalesce(sum(sent), 0) from sender_use", transaction: session.Transaction);
                if (sent < next) continue;
                self.Refresh();
                await Console.Error.WriteLineAsync(
                    $"{sent,9:N0} sent after {watch.Elapsed.TotalSeconds,5:F0} s: "
                    + $"{self.WorkingSet64 >> 20} MB resident, "
                    + $"{GC.GetTotalMemory(false) >> 20} MB on the heap");
                next = (int)(sent / every * every) + every;
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    public async Task Check(int count)
    {
        await using var session = await database.OpenInstance(Cancel);
        var recorded = await session.Connection.ExecuteScalarAsync<long>(
            "select count(*) from send_intents where state = 'accepted'", transaction: session.Transaction);
        if (recorded != count)
            throw new InvalidOperationException($"{recorded} of {count} are recorded as accepted.");
    }

    async Task Enroll(int number, int mailboxes, int count)
    {
        var mailbox = await house.GetRequiredService<Mailboxes>().Create(
            workspace,
            new MailboxDraft
            {
                Address = $"me{number}@sender.example", FromName = "Ada Lorenz", SmtpHost = "127.0.0.1",
                SmtpPort = sinkPort, SmtpSecurity = "none", MinGapSeconds = 0, RampStep = null,
                FirstTouchLimit = null, DomainLimit = null, WindowZone = WindowZone.Mailbox,
                PerMinuteLimit = 1_000_000, DailyLimit = 1_000_000_000, WeeklyLimit = 1_000_000_000,
                WindowOpens = new TimeOnly(0, 0), WindowCloses = new TimeOnly(23, 59, 59),
                WorkingDays = [1, 2, 3, 4, 5, 6, 7],
                PostalAddress = "Example Ltd, 1 Example Street, Example City",
            },
            Cancel);
        await Do("update mailboxes set state = 'connected'", 0);
        var campaigns = house.GetRequiredService<Campaigns>();
        var campaign = await campaigns.Create(
            workspace,
            new CampaignDraft
            {
                Name = $"Bench {number}", MailboxId = mailbox,
                Steps =
                [
                    new StepDraft { Variants = [new VariantDraft("For {{company}}", Text)] },
                    new StepDraft { DelayDays = 3, Variants = [new VariantDraft("Re: {{company}}", Text)] },
                ],
            },
            Cancel);
        await campaigns.Start(workspace, campaign, Cancel);
        await Do(
            """
            insert into enrollments (workspace_id, campaign_id, lead_id, contact_id, state, next_step_id,
                due_at, created_at)
            select @workspace, @campaign, l.id, l.contact_id, 'active', t.id, now(), now()
            from leads l, steps t join sequences s on s.id = t.sequence_id
            where l.id % @mailboxes = @number and s.campaign_id = @campaign and t.position = 1
            """, count, campaign, mailboxes, number);
    }

    Task Clear() => Do("truncate workspaces cascade", 0);

    async Task Do(string sql, int count, long campaign = 0, int mailboxes = 0, int number = 0)
    {
        await using var session = await database.OpenInstance(Cancel);
        await session.Connection.ExecuteAsync(
            new CommandDefinition(
                sql, new { workspace, count, campaign, mailboxes, number }, session.Transaction,
                commandTimeout: 600));
        await session.Commit(Cancel);
    }

    // About a hundred words with fifteen merge fields; with its header a message of about 2 KB.
    const string Text =
        """
        Hi {{or first_name "there"}},

        many {{or industry "growing"}} companies tell us that {{or pain_point "manual work"}} takes more of
        the week than it should. As {{or title "part of the team"}} at {{company}} you may see it first.

        We have put together a short example for teams in {{or city "your region"}}: how a company like
        {{company}} moved {{or pain_point "the slow part"}} off the desk of its {{or title "team"}} in two
        weeks, what it cost, and what they would do differently today. {{or first_name "You"}} would find the
        figures for {{or industry "your field"}} on the second page.

        Would fifteen minutes next week be of use to {{company}}? A yes or a no is equally welcome,
        {{or first_name "and thank you for reading this far"}}.

        {{sender_name}}
        """;
}
