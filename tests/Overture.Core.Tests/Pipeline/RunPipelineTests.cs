using System.Runtime.Versioning;
using System.Text.Json;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;
using Overture.Core.Reports;
using Overture.Testing;

namespace Overture.Core.Tests.Pipeline;

/// <summary>A run beside workers that hold some of the messages.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunPipelineTests
{
    const int Leads = 3;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_worker_holds_is_waited_for_and_sent_when_it_is_given_back()
    {
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(TimeProvider.System);
        var (mailbox, _) = await test.Ready(sink, Leads);
        await using var worker = await Node.Join(test.Database, "worker", TimeProvider.System, Cancel);
        await Hold(test, mailbox, worker.Id);

        var running = Run(test);
        await Waiting.Until(async () => await Sent(test) == Leads - 1);
        Assert.Equal(1, (await test.Get<PipelineReport>().Counts(test.Id, Cancel)).UnderWay);
        Assert.False(running.IsCompleted);
        await test.Do(
            """
            update send_intents set state = 'planned', owner = null, lease_until = null
            where state = 'claimed'
            """);

        var counts = await running;
        Assert.Equal((Leads, Leads, 0), (counts.Composed, counts.Sent, counts.UnderWay));
    }

    [Fact]
    public async Task What_is_held_too_long_is_told_as_under_way()
    {
        var time = new ManualTime();
        await using var sink = SmtpSink.Start();
        await using var test = await TestWorkspace.Create(time);
        var (mailbox, _) = await test.Ready(sink, Leads);
        await using var worker = await Node.Join(test.Database, "worker", time, Cancel);
        await Hold(test, mailbox, worker.Id);

        var running = Run(test);
        await Waiting.Until(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            return Task.FromResult(running.IsCompleted);
        });

        var counts = await running;
        Assert.Equal((Leads, Leads - 1, 1), (counts.Composed, counts.Sent, counts.UnderWay));
    }

    static async Task Hold(TestWorkspace test, long mailbox, int node)
    {
        var now = test.Time.GetUtcNow().UtcDateTime;
        Assert.Single(await test.Database.InWorkspace(
            test.Id, session => IntentStore.ClaimDue(session, mailbox, node, now, now.AddHours(1), 1, Cancel),
            Cancel));
    }

    static Task<long> Sent(TestWorkspace test) =>
        test.Ask<long>("select count(*) from messages where state = 'sent'");

    static async Task<PipelineCounts> Run(TestWorkspace test)
    {
        var id = await test.Get<JobQueue>().Enqueue(
            test.Id, RunPipeline.Name, new RunPipeline.Args(0), "test", Cancel);
        var job = await test.Get<JobWorker>().RunOnly(test.Node, test.Id, id, Cancel);
        Assert.Equal(JobState.Completed, job!.State);
        return JsonSerializer.Deserialize<PipelineCounts>(job.Result!, JobJson.Options)!;
    }
}
