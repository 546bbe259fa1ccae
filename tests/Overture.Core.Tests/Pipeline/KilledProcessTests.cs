using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Mail;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>
/// A process of its own works, is killed in the middle again and again, and is started anew: nothing may be
/// there
/// twice and nothing may be missing. What was sent is counted by the sink.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class KilledProcessTests
{
    const string Variable = "OVERTURE_TEST_WORKER";
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan ChildTimeout = TimeSpan.FromMinutes(4);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collecting_goes_on_where_it_was()
    {
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, CollectSynthetic.Name, new CollectSynthetic.Args(6_000, 3), "test", Cancel);
        await KillAt(test, [400, 1_500, 2_100, 3_700, 5_000], () => Progress(test, id));
        Assert.Equal(6_000, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(6_000, await test.Ask<long>("select count(*) from contacts"));
        Assert.Equal(2_000, await test.Ask<long>("select count(*) from companies"));
        var result = await test.Ask<string>(
            "select result ->> 'leads' || ' ' || (result ->> 'duplicates') from jobs");
        Assert.Equal("6000 0", result);
    }

    [Fact]
    public async Task An_import_goes_on_where_it_was_with_a_true_report()
    {
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        var csv = new StringBuilder("First name,Last name,Email,Company\n");
        for (var row = 0; row < 4_000; row++)
            csv.Append(CultureInfo.InvariantCulture,
                $"Ann,Row{row},ANN{row % 3_500}@client{row % 700}.example,Client {row % 700}\n");
        var import = await test.Get<Imports>().Upload(
            test.Id, "people.csv", Encoding.UTF8.GetBytes(csv.ToString()), "test", Cancel);
        var expected = await test.Get<Imports>().Check(test.Id, import, Cancel);
        var id = await test.Get<Imports>().Start(test.Id, import, "test", Cancel);
        await KillAt(test, [300, 1_700, 3_600], () => Progress(test, id));
        Assert.Equal(3_500, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(700, await test.Ask<long>("select count(*) from companies"));
        var text = await test.Ask<string>("select report::text from imports");
        var report = JsonSerializer.Deserialize<ImportReport>(text, JobJson.Options)!;
        Assert.Equal((3_500, 500, 4_000), (report.LeadsAdded, report.DuplicatesInFile, report.Imported));
        Assert.Equal(expected with { Problems = [] }, report with { Problems = [] });
    }

    [Fact]
    public async Task Sending_repeats_nothing_and_forgets_nothing()
    {
        const int Leads = 900;
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        await test.AddMailbox(sink, draft => draft with { PerMinuteLimit = 100_000 });
        await test.AddLeads(Leads);
        await test.Start((await test.Get<Mailboxes>().List(test.Id, Cancel))[0].Id);
        await test.Write();
        Assert.Equal($"planned {Leads}", await test.States("send_intents"));
        int[] kills = [20, 130, 270, 333, 480, 600, 790];
        await KillAt(test, kills, () => Task.FromResult((long)sink.Messages.Count));
        await test.Get<SendRecovery>().Run(Cancel);

        var copies = sink.Messages.Select(Reference).CountBy(token => token).ToDictionary();
        Assert.All(copies, copy => Assert.Equal(1, copy.Value));
        var states = await test.List<(string Token, string State)>(
            "select m.reference_token, i.state from messages m join send_intents i on i.message_id = m.id");
        var uncertain = states.Where(row => row.State == "uncertain").ToList();
        Assert.All(states, row => Assert.Contains(row.State, new[] { "accepted", "uncertain" }));
        Assert.All(states.Except(uncertain), row =>
            Assert.True(copies.ContainsKey(row.Token), "accepted, but not there"));
        Assert.Equal(copies.Count, states.Count(row => copies.ContainsKey(row.Token)));
        // At most what was in flight at each kill.
        Assert.InRange(uncertain.Count, 0, 8 * kills.Length);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{copies.Count} of {Leads} arrived, {uncertain.Count} uncertain after {kills.Length} kills");
        await test.HoldsInvariants();
    }

    [Fact]
    public async Task Sending_by_Gmail_repeats_nothing_and_leaves_nothing_open()
    {
        const int Leads = 18;
        await using var box = await GmailMailbox.Ready(Leads, TimeProvider.System);
        // Killed when the draft is there but nothing is recorded; when it is recorded and not sent; and when
        // it is sent and that is not recorded.
        string[] moments = ["drafted", "recorded", "sent", "drafted", "sent", "recorded"];
        await box.Test.Do("update send_intents set due_at = now() + interval '1 day'");
        foreach (var (round, moment) in moments.Index())
        {
            await box.Test.Do(
                "update send_intents set due_at = now() where id % @rounds = @round",
                new { rounds = moments.Length, round });
            using var child = Child(box.Test, box.Gmail.Url);
            await KillInCall(box.Gmail, child, moment);
            await child.WaitForExitAsync(Cancel);
            await Settle(box.Test);
        }

        for (var look = 0; look < 3; look++)
        {
            while (await box.Test.Send() > 0) { }
            await Settle(box.Test);
        }

        Assert.Equal($"accepted {Leads}", await box.Test.States("send_intents"));
        Assert.Equal(Leads, box.Gmail.Sent.Count);
        Assert.Equal(Leads, box.Gmail.Sent.Select(one => one.MessageId).Distinct().Count());
        Assert.Equal(Leads, box.Gmail.Messages.Count);
        TestContext.Current.TestOutputHelper?.WriteLine(
            "evidence: " + await box.Test.Ask<string>(
                "select string_agg(source || ' ' || result, ', ') from send_evidence"));
        await box.Test.HoldsInvariants();
    }

    static async Task Settle(TestWorkspace test)
    {
        await test.Get<SendRecovery>().Run(Cancel);
        await test.Do("update verifications set next_search_at = now() - interval '1 second'");
        await test.Get<VerifySends>().Run(Cancel);
    }

    /// <summary>Kills the child while Gmail has its call in hand.</summary>
    static async Task KillInCall(GmailSink gmail, Process child, string moment)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = moment == "drafted" ? "POST /gmail/v1/users/me/drafts" : "drafts/send";
        gmail.Before = asked =>
        {
            if (!asked.EndsWith(call, StringComparison.Ordinal)) return Task.CompletedTask;
            gmail.Before = null;
            if (moment == "recorded") gmail.FaultAt(call, GmailSinkFault.LoseQuestion);
            child.Kill();
            killed.TrySetResult();
            return Task.CompletedTask;
        };
        await killed.Task.WaitAsync(TimeSpan.FromSeconds(40), TimeProvider.System, Cancel);
    }

    [Fact]
    public async Task Collecting_filings_goes_on_and_takes_none_twice()
    {
        var data = SharedData.PathOf("providers");
        Assert.SkipWhen(data is null, "outside test data is absent");
        await using var server = await ProviderServer.Start(data);
        await using var test = await TestWorkspace.Create(TimeProvider.System, server.Url);
        var day = new DateOnly(2024, 4, 17);
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, CollectSecEdgar.Name, new CollectSecEdgar.Args(day, day), "test", Cancel);
        await KillAt(test, [12, 30], () => Task.FromResult((long)server.Requests.Count), server.Url);
        var result = await test.Ask<string>("select result::text from jobs where id = @id", new { id });
        var summary = JsonSerializer.Deserialize<CollectSecEdgar.Summary>(result, JobJson.Options)!;
        Assert.Equal((46, 2, 44, 0), (summary.Listed, summary.Parsed, summary.Missing, summary.Failed));
        Assert.Equal(2, await test.Ask<long>("select count(*) from raw_records"));
        Assert.Equal(summary.Leads, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(summary.Companies, await test.Ask<long>("select count(*) from companies"));
    }

    [Fact]
    public async Task The_waterfall_goes_on_and_pays_no_question_twice()
    {
        // Fewer questions than the provider allows in a minute, for time is real here.
        const int Leads = 66;
        await using var known = await KnownPeople.Start();
        await using var test = await TestWorkspace.Create(TimeProvider.System, providers: known.Url);
        await test.Get<Integrations>().Connect(
            test.Id, "people_data_labs", new Dictionary<string, string?> { ["api_key"] = "x" }, null, "test",
            Cancel);
        for (var number = 0; number < Leads; number++)
            await test.Get<AddLead>().Run(
                test.Id,
                new Contact
                {
                    FullName = $"Ann{number} Number", FirstName = $"Ann{number}", LastName = "Number",
                },
                new Company { Name = $"Client {number / 3}", Website = $"client{number / 3}.example" },
                Cancel);
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, EnrichAgain.Name, new EnrichAgain.Args(), "test", Cancel);
        int[] kills = [6, 21, 40, 60];
        await KillAt(test, kills, () => Task.FromResult((long)known.Paid.Count), known.Url);
        Assert.Equal(
            "completed", await test.Ask<string>("select state from jobs where id = @id", new { id }));
        Assert.Equal(Leads, await test.Ask<long>("select count(*) from leads where state = 'enriched'"));
        // Counted where it is paid: at the provider.
        Assert.Equal(known.Paid.Distinct().Count(), known.Paid.Count);
        var lost = await test.Ask<long>("select count(*) from provider_questions where state = 'lost'");
        Assert.InRange(lost, 0, 4 * kills.Length);
        Assert.Equal(
            0, await test.Ask<long>("select count(*) from provider_questions where state = 'asking'"));
        // Whatever was answered was learned, also when the killed process had no time to write it down.
        Assert.InRange(
            await test.Ask<long>(
                "select count(*) from contacts where email is not null"), Leads - lost, Leads);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{known.Paid.Count} questions, {lost} lost after {kills.Length} kills");
    }

    [Fact]
    public async Task A_discovery_goes_on_and_proposes_reveals_and_pays_nobody_twice()
    {
        // Fewer questions than the provider allows in a minute, for time is real here.
        const int People = 1_000;
        const int Chosen = 24;
        await using var server = await ProviderServer.Start(Path.GetTempPath());
        server.Responder = request => MaskedPeople.Answer(request, People);
        await using var test = await TestWorkspace.Create(TimeProvider.System, providers: server.Url);
        await test.Get<Integrations>().Connect(
            test.Id, "apollo", new Dictionary<string, string?> { ["api_key"] = "x" }, null, "test", Cancel);
        var discovery = await test.Get<Discoveries>().Create(
            test.Id, new DiscoveryDraft("CTOs", "titles: [cto]", ["apollo"], People), "test", Cancel);
        await test.Get<JobQueue>().Enqueue(
            test.Id, DiscoverLeads.Name, new DiscoverLeads.Args(discovery), "test", Cancel);
        await KillAt(test, [1, 4, 8], () => Task.FromResult((long)server.Requests.Count), server.Url);
        Assert.Equal(People, await test.Ask<long>("select count(*) from proposals"));
        Assert.Equal(
            $"{People}", await test.Ask<string>("select result ->> 'proposed' from jobs"));
        // Looking costs nothing: only what was in flight at a kill is looked at again.
        Assert.InRange(server.Requests.Count, People / 100, (People / 100) + 3);

        var (rows, _) = await test.Get<Discoveries>().Proposals(test.Id, discovery, null, Cancel);
        var chosen = rows.Take(Chosen).Select(row => row.Id).ToList();
        await test.Get<Discoveries>().Decide(test.Id, discovery, chosen, true, Cancel);
        await test.Get<JobQueue>().Enqueue(
            test.Id, TakeProposals.Name, new TakeProposals.Args(discovery), "test", Cancel);
        int[] kills = [2, 9, 15, 22];
        await KillAt(
            test, kills, () => Task.FromResult((long)MaskedPeople.Revealed(server).Count), server.Url);
        var revealed = MaskedPeople.Revealed(server);
        Assert.Equal(revealed.Distinct().Count(), revealed.Count);
        // A question may be written down and its asker killed before it is sent.
        Assert.InRange(revealed.Count, Chosen - kills.Length, Chosen);
        var lost = await test.Ask<long>("select count(*) from provider_questions where state = 'lost'");
        Assert.InRange(lost, 0, kills.Length);
        Assert.Equal(Chosen - lost, await test.Ask<long>("select count(*) from leads"));
        Assert.Equal(Chosen - lost, await test.Ask<long>("select count(distinct email) from contacts"));
        Assert.Equal(Chosen - lost, await test.Ask<long>(
            "select count(*) from proposals where state = 'taken' and lead_id is not null"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{server.Requests.Count} questions, {lost} lost after {3 + kills.Length} kills");
    }

    /// <summary>Not a test: the process that the tests above kill.</summary>
    [Fact(Explicit = true)]
    public async Task Worker_that_is_killed()
    {
        var place = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(place is null, "run by another test only");
        var parts = place.Split('|');
        await using var test = await TestWorkspace.Join(
            parts[1], long.Parse(parts[0]), TimeProvider.System,
            edgar: parts[2].Length > 0 ? new Uri(parts[2]) : null,
            providers: parts[2].Length > 0 ? new Uri(parts[2]) : null);
        using var worker = new JobWorker(
            test.Database, test.Get<IEnumerable<IJobKind>>(), TimeProvider.System,
                NullLogger<JobWorker>.Instance);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        end.CancelAfter(ChildTimeout);
        var working = worker.Work(test.Node, end.Token);
        while (!working.IsCompleted)
        {
            await test.Get<SendRecovery>().Run(end.Token);
            await test.Get<SendDue>().RunBatch(test.Node.Id, end.Token);
            await Task.Delay(Pause, TimeProvider.System, end.Token);
        }
    }

    // Kills the worker at each of these points, and lets the last one finish.
    static async Task KillAt(
        TestWorkspace test, IEnumerable<int> points, Func<Task<long>> reached, Uri? outside = null)
    {
        foreach (var point in points)
        {
            using var child = Child(test, outside);
            await Waiting.Until(async () => child.HasExited || await reached() >= point);
            Assert.False(child.HasExited, "the worker ended by itself");
            child.Kill();
            await child.WaitForExitAsync(Cancel);
        }

        using var last = Child(test, outside);
        await Waiting.Until(async () => last.HasExited || await IsDone(test));
        last.Kill();
        await last.WaitForExitAsync(Cancel);
    }

    static async Task<bool> IsDone(TestWorkspace test) => await test.Ask<bool>(
        """
        select not exists (select from jobs where finished_at is null)
           and not exists (select from send_intents where state in ('planned', 'claimed', 'submitting'))
        """);

    static async Task<long> Progress(TestWorkspace test, long job) =>
        await test.Ask<long>("select progress_done from jobs where id = @job", new { job });

    static Process Child(TestWorkspace test, Uri? outside)
    {
        var name = $"{typeof(KilledProcessTests).FullName}.{nameof(Worker_that_is_killed)}";
        var child = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["-method", name, "-explicit", "only"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { [Variable] = $"{test.Id}|{test.ConnectionString}|{outside}" },
        })!;
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }

    static string Reference(SmtpSinkMessage message) =>
        MimeReader.Read(message.Bytes).Headers.First(header =>
            header.Name == EmailBuilder.ReferenceHeader).Value.Trim();
}
