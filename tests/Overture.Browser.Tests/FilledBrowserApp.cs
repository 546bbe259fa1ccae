using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;

namespace Overture.Browser.Tests;

/// <summary>The demo workspace with leads that went through the whole pipeline into captured mail.</summary>
[SupportedOSPlatform("linux")]
public sealed class FilledBrowserApp : BrowserApp
{
    const int Leads = 60;
    const int Seed = 1;

    /// <summary>
    /// A name and a company name that would run as script if they were ever written as markup.
    /// </summary>
    public const string HostileName = "<img src=x onerror=\"window.hacked=1\">Mallory";

    public const string HostileCompany = "\"><script>window.hacked=1</script> Corp";

    public long WorkspaceId { get; private set; }

    public long HostileLead { get; private set; }

    public long HostileCompanyId { get; private set; }

    public long Discovery { get; private set; }

    public long Conversation { get; private set; }

    public ImportedPeople People { get; private set; } = new(0, 0);

    /// <summary>
    /// Replaces the ids that only this database knows: {lead}, {company}, {campaign}, {message} …
    /// </summary>
    public async Task<string> Resolve(string path)
    {
        if (!path.Contains('{', StringComparison.Ordinal)) return path;
        var reports = Services.GetRequiredService<MessageReport>();
        var message = (await reports.List(WorkspaceId, null, null, "sent", null, 1, default))[0];
        var captured = (await reports.Captured(WorkspaceId, null, 1, default))[0];
        var lead = await Services.GetRequiredService<Leads>().Get(WorkspaceId, message.LeadId, default);
        var job = (await Services.GetRequiredService<JobQueue>()
            .List(WorkspaceId, null, null, null, 1, default))[0];
        var box = (await Services.GetRequiredService<Mailboxes>().List(WorkspaceId, default))[0];
        return path.Replace("{lead}", $"{message.LeadId}", StringComparison.Ordinal)
            .Replace("{company}", $"{lead.Company!.Id}", StringComparison.Ordinal)
            .Replace("{campaign}", $"{message.CampaignId}", StringComparison.Ordinal)
            .Replace("{message}", $"{message.Id}", StringComparison.Ordinal)
            .Replace("{captured}", $"{captured.Id}", StringComparison.Ordinal)
            .Replace("{job}", $"{job.Id}", StringComparison.Ordinal)
            .Replace("{discovery}", $"{Discovery}", StringComparison.Ordinal)
            .Replace("{list}", $"{People.List}", StringComparison.Ordinal)
            .Replace("{import}", $"{People.Import}", StringComparison.Ordinal)
            .Replace("{conversation}", $"{Conversation}", StringComparison.Ordinal)
            .Replace("{mailbox}", $"{box.Id}", StringComparison.Ordinal);
    }

    /// <summary>Works off the newest job as a worker would.</summary>
    public async Task WorkOffNewestJob()
    {
        var jobs = Services.GetRequiredService<JobQueue>();
        var newest = (await jobs.List(WorkspaceId, null, null, null, 1, default))[0];
        await using var node = await Node.Join(Database, "test", TimeProvider.System, default);
        await Services.GetRequiredService<JobWorker>().RunOnly(node, WorkspaceId, newest.Id, default);
    }

    protected override async Task Prepare()
    {
        WorkspaceId = await Services.GetRequiredService<Demo>().Ensure(default);
        var added = await Services.GetRequiredService<AddLead>().Run(
            WorkspaceId, new Contact { FullName = HostileName, Title = "<b>CTO</b>",
                Email = "mallory@hostile.example" },
            new Company { Name = HostileCompany, Website = "javascript:alert(1)" }, default);
        HostileLead = added.LeadId!.Value;
        HostileCompanyId = (
            await Services.GetRequiredService<Leads>().Get(WorkspaceId, HostileLead, default)).Company!.Id;
        await Services.GetRequiredService<Integrations>().Connect(
            WorkspaceId, "hunter", new Dictionary<string, string?> { ["api_key"] = "x" }, 50, "test",
            default);
        Discovery = await Services.GetRequiredService<Discoveries>().Create(
            WorkspaceId, new DiscoveryDraft("CTOs", "titles: [CTO]", ["apollo"]), "test", default);
        await Services.GetRequiredService<Integrations>().Change(WorkspaceId, "hunter", false, 50, default);
        await Services.GetRequiredService<Suppressions>().Add(
            WorkspaceId, "competitor.example", "manual", "A competitor", "test", default);
        await Services.GetRequiredService<JobQueue>().Enqueue(
            WorkspaceId, RunPipeline.Name, new RunPipeline.Args(Leads, Seed), "demo", default,
            RunPipeline.UniqueKey);
        await WorkOffNewestJob();
        await Reply();
        await AddWaiting();
        People = await ImportedPeople.Add(this, WorkspaceId);
    }

    /// <summary>Messages that wait for approval, and tasks that wait for a person.</summary>
    async Task AddWaiting()
    {
        var campaigns = Services.GetRequiredService<Campaigns>();
        var box = (await Services.GetRequiredService<Mailboxes>().List(WorkspaceId, default))[0];
        var starter = CampaignStarters.All.Single(one => one.Key == "opened-or-not").Draft with
        {
            MailboxId = box.Id, AllowsOverlap = true, NewPerDayLimit = null,
        };
        var careful = await campaigns.Create(
            WorkspaceId, starter with { Name = "Careful", ApprovesEach = true }, default);
        var byHand = await campaigns.Create(
            WorkspaceId,
            starter with
            {
                Name = "By hand",
                Steps =
                [
                    new StepDraft { Kind = StepKind.LinkedIn, Variants = [new VariantDraft("", "Hi there")] },
                ],
            },
            default);
        await campaigns.Start(WorkspaceId, careful, default, pilot: 8);
        await campaigns.Start(WorkspaceId, byHand, default, pilot: 3);
        await Services.GetRequiredService<EnrollAudience>().RunBatch(WorkspaceId, default);
        while (await Services.GetRequiredService<ComposeMessages>().RunBatch(WorkspaceId, default) > 0) { }
    }

    /// <summary>Somebody answers, in a mail that would run as script if it were shown as it came.</summary>
    async Task Reply()
    {
        var message = (await Services.GetRequiredService<MessageReport>().List(
            WorkspaceId, null, null, "sent", null, 1, default))[0];
        var box = (await Services.GetRequiredService<Mailboxes>().List(WorkspaceId, default))[0];
        var readers = Services.GetRequiredService<MailboxReaders>();
        await readers.Put(
            WorkspaceId, box.Id, new MailboxReaderDraft { ImapHost = "imap.overture.example" }, default);
        var reader = await readers.Find(WorkspaceId, box.Id, default);
        var lead = await Services.GetRequiredService<Leads>().Get(WorkspaceId, message.LeadId, default);
        var mail = $"""
            From: "<script>window.hacked=1</script> Reader" <{lead.Contact.Email}>
            To: {box.Address}
            Subject: Re: <img src=x onerror=window.hacked=1> hello
            Message-ID: <answer@client.example>
            Content-Type: text/html; charset=utf-8

            <p>Sounds good, let's talk on Tuesday.<script>window.hacked=1</script>
            <img src="https://tracker.example/x.gif" onerror="window.hacked=1"></p>
            """.ReplaceLineEndings("\r\n");
        await Database.InWorkspace(
            WorkspaceId,
            session => Services.GetRequiredService<TakeMail>().Run(
                session, box, reader!,
                new ReceivedCopy(
                    "INBOX", 1, 1, DateTime.UnixEpoch, System.Text.Encoding.UTF8.GetBytes(mail), mail.Length,
                false), default),
            default);
        Conversation = (await Services.GetRequiredService<InboxReport>().List(
            WorkspaceId, InboxScope.Open, null, 0, null, null, 1, default))[0].Id;
        await Services.GetRequiredService<Conversations>().AddNote(
            WorkspaceId, Conversation, "<b>Call</b> them first", "Ada", default);
        await Services.GetRequiredService<Conversations>().Answer(
            WorkspaceId, Conversation, "Tuesday at ten?", "Ada", default);
    }
}
