using System.Runtime.Versioning;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Providers.Outbound;
using Overture.Providers.SecEdgar;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// One workspace with every part of the pipeline around it, and short ways to fill it. The workspace is out
/// of
/// its
/// dry run, so that what is sent reaches the sink.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class TestWorkspace : IAsyncDisposable
{
    const string DefaultText = "Hi {{or first_name \"there\"}},\n\nis {{company}} well?\n\n{{sender_name}}";

    readonly ServiceProvider services;
    readonly TestDatabase? own;
    string? elsewhere;

    TestWorkspace(TestDatabase? own, Database database, TimeProvider time, Uri? edgar, Uri? providers)
    {
        this.own = own;
        Database = database;
        Time = time;
        services = Compose(database, time, edgar, providers);
    }

    public Database Database { get; }

    public TimeProvider Time { get; }

    public long Id { get; private set; }

    /// <summary>The node that everything here runs as.</summary>
    public Node Node { get; private set; } = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>On a database of its own, dropped at the end.</summary>
    public static async Task<TestWorkspace> Create(
        TimeProvider? time = null, Uri? edgar = null, Uri? providers = null)
    {
        var database = await TestDatabase.Create();
        var made = new TestWorkspace(database, database.Database, time ?? new ManualTime(), edgar, providers);
        await made.Fill();
        return made;
    }

    /// <summary>On a migrated database that the test brings along.</summary>
    public static async Task<TestWorkspace> CreateOn(string connectionString, TimeProvider time)
    {
        var made = new TestWorkspace(null, Database.Connect(connectionString), time, null, null)
        {
            elsewhere = connectionString,
        };
        await made.Fill();
        return made;
    }

    /// <summary>Another process' view: its own connections, services and node over the same rows.</summary>
    public static async Task<TestWorkspace> Join(string connectionString, long workspace, TimeProvider time,
        Uri? edgar = null, Uri? providers = null)
    {
        var joined = new TestWorkspace(null, Database.Connect(connectionString), time,
            edgar, providers) { Id = workspace };
        joined.Node = await Node.Join(joined.Database, "test", time, Cancel);
        return joined;
    }

    public string ConnectionString => elsewhere ?? own!.ConnectionString;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public Task<TestWorkspace> Again() => Join(ConnectionString, Id, Time);

    /// <summary>
    /// A mailbox open around the clock that keeps no gap and is in service; with a sink it sends there.
    /// </summary>
    public async Task<long> AddMailbox(SmtpSink? sink = null, Func<MailboxDraft, MailboxDraft>? change = null)
    {
        var draft = new MailboxDraft
        {
            Address = "ada@overture.example", FromName = "Ada Lorenz", PerMinuteLimit = 1_000,
                DailyLimit = 10_000,
            WeeklyLimit = 50_000, WindowOpens = new TimeOnly(0, 0), WindowCloses = new TimeOnly(23, 59, 59),
            WorkingDays = [1, 2, 3, 4, 5, 6, 7], MinGapSeconds = 0, RampStep = null, FirstTouchLimit = null,
            DomainLimit = null, WindowZone = WindowZone.Mailbox,
        };
        if (sink is not null)
            draft = draft with
            {
                SmtpHost = "localhost", SmtpPort = sink.Port,
                SmtpSecurity = sink.Options.ImplicitTls ? "tls" : sink.Options.StartTls ? "starttls" : "none",
                SmtpCa = SmtpSink.Authorities.ExportCertificatePems(), SmtpUsername = sink.Options.User,
                SmtpPassword = sink.Options.User is null ? null : sink.Options.Password,
            };
        var id = await Get<Mailboxes>().Create(Id, change is null ? draft : change(draft), Cancel);
        await Get<Mailboxes>().Connected(Id, id, Cancel);
        return id;
    }

    /// <summary>Leads ann1@, ann2@ ... of a reserved domain, enriched and ranked.</summary>
    public async Task AddLeads(int count, string domain = "client.example")
    {
        var intake = Get<Intake>();
        await Database.InWorkspace(
            Id,
            async session =>
            {
                for (var number = 1; number <= count; number++)
                    await intake.Take(
                        session,
                        new CollectedLead
                        {
                            Source = "test",
                            Company = new Company { Name = "Client", Domain = domain },
                            Contact = new Contact
                            {
                                FullName = $"Ann Number{number}", FirstName = "Ann",
                                    Email = $"ann{number}@{domain}",
                            },
                        },
                        DuplicateRule.FillBlanks, Cancel);
            },
            Cancel);
        await Prepare();
    }

    /// <summary>A running campaign with one email step a day; more steps or other texts where
    /// given.</summary>
    public async Task<long> Start(long mailbox, params StepDraft[] steps)
    {
        var draft = new CampaignDraft
        {
            Name = "Hello", MailboxId = mailbox, NewPerDayLimit = null,
            Steps = steps.Length > 0 ? steps : [Email()],
        };
        var id = await Get<Campaigns>().Create(Id, draft, Cancel);
        await Get<Campaigns>().Start(Id, id, Cancel);
        return id;
    }

    public static StepDraft Email(string body = DefaultText, string subject = "For {{company}}",
        int delayDays = 0) =>
        new() { DelayDays = delayDays, Variants = [new VariantDraft(subject, body)] };

    /// <summary>Enriches and ranks whatever waits for it.</summary>
    public async Task Prepare()
    {
        while (await Get<EnrichLeads>().RunBatch(Id, Node.Id, Cancel) > 0) { }
        while (await Get<RankLeads>().RunBatch(Id, Cancel) > 0) { }
    }

    /// <summary>Enrolls and writes whatever is due.</summary>
    public async Task Write()
    {
        await Prepare();
        while (await Get<EnrollAudience>().RunBatch(Id, Cancel) > 0) { }
        while (await Get<ComposeMessages>().RunBatch(Id, Cancel) > 0) { }
        while (await Get<PlanApproved>().RunBatch(Id, Cancel) > 0) { }
    }

    /// <summary>One batch of sending; returns how many were tried.</summary>
    public Task<int> Send() => Get<SendDue>().RunBatch(Node.Id, Id, Cancel);

    /// <summary>A mailbox over the sink, so many leads, one campaign, written and ready to send.</summary>
    public async Task<(long Mailbox, long Campaign)> Ready(
        SmtpSink? sink, int leads, Func<MailboxDraft, MailboxDraft>? change = null)
    {
        var mailbox = await AddMailbox(sink, change);
        await AddLeads(leads);
        var campaign = await Start(mailbox);
        await Write();
        return (mailbox, campaign);
    }

    public async Task<T> Ask<T>(string sql, object? parameters = null)
    {
        await using var session = await Database.OpenInstance(Cancel);
        return (await session.Connection.ExecuteScalarAsync<T>(sql, parameters, session.Transaction))!;
    }

    public async Task<IReadOnlyList<T>> List<T>(string sql, object? parameters = null)
    {
        await using var session = await Database.OpenInstance(Cancel);
        return (await session.Connection.QueryAsync<T>(sql, parameters, session.Transaction)).AsList();
    }

    public async Task Do(string sql, object? parameters = null)
    {
        await using var session = await Database.OpenInstance(Cancel);
        await session.Connection.ExecuteAsync(sql, parameters, session.Transaction);
        await session.Commit(Cancel);
    }

    /// <summary>Rows by state, as "accepted 3, planned 1".</summary>
    public async Task<string> States(string table) => string.Join(
        ", ", await List<string>(
            $"select state || ' ' || count(*) from {table} group by state order by state"));

    public async Task HoldsInvariants() => Assert.Empty(await Invariants.Broken(Database, Cancel));

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await services.DisposeAsync();
        if (own is null) await Database.DisposeAsync();
        else await own.DisposeAsync();
    }

    async Task Fill()
    {
        Id = await Get<Workspaces>().Add("Test", "UTC", Cancel);
        await Get<Workspaces>().SetDryRun(Id, false, Cancel);
        Node = await Node.Join(Database, "test", Time, Cancel);
    }

    static ServiceProvider Compose(Database database, TimeProvider time, Uri? edgar, Uri? providers)
    {
        var address = edgar ?? new Uri("http://127.0.0.1:1");
        var options = new SecEdgarOptions
        {
            ArchivesBaseUrl = address, DataBaseUrl = address, SearchBaseUrl = address,
            UserAgent = "Overture test@overture.example",
        };
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(database).AddSingleton(time)
            .AddSingleton(new SecretBox(new byte[SecretBox.KeyBytes]))
            .AddSingleton<Workspaces>().AddSingleton<Leads>().AddSingleton<Suppressions>()
            .AddSingleton<Mailboxes>().AddSingleton<CampaignSenders>().AddSingleton<Campaigns>()
                .AddSingleton<Rankings>()
                .AddSingleton<Companies>()
            .AddPipeline(new Uri("https://overture.example"))
            .AddReports()
            .AddProviders(
                new OutboundOptions { AllowLoopback = true, AllowPlainHttp = true },
                new ProviderAddresses(providers ?? new Uri("http://127.0.0.1:1")), () => options);
        // A clock of the test's own moves by what was waited, which the database's clock does not know.
        if (time != TimeProvider.System)
            services.AddSingleton<IRateLimit, ProcessRateLimit>().AddSingleton<IBreakers, ProcessBreakers>();
        return services.BuildServiceProvider();
    }
}
