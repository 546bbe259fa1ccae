using Npgsql;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Core.Pipeline;

namespace Overture.Server.Startup;

/// <summary>The number under which this process is known to the database right now.</summary>
public sealed class CurrentNode
{
    readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id { get; private set; }

    public Task Joined => joined.Task;

    public void Set(Node node)
    {
        Id = node.Id;
        joined.TrySetResult();
    }
}

/// <summary>
/// Runs jobs on this node for as long as the process lives; joins anew whenever the database was away.
/// </summary>
sealed class JobHost(
    JobWorker worker, Database database, CurrentNode current, NodeRoles roles, TimeProvider time,
    ILogger<JobHost> log) : BackgroundService
{
    static readonly TimeSpan JoinAgainAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var node = await Node.Join(database, roles.ToString(), time, stoppingToken);
                current.Set(node);
                await worker.Work(node, stoppingToken);
            }
            catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested) return;
                log.LogWarning("This node waits for the database: {Reason}", away.Message);
                await Task.Delay(JoinAgainAfter, time, stoppingToken)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}

/// <summary>Waits at mailboxes on this node, so that a reply is here at once.</summary>
sealed class MailboxHost(WatchMailboxes watch, CurrentNode current) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await current.Joined.WaitAsync(stoppingToken);
        await watch.Run(current.Id, stoppingToken);
    }
}

/// <summary>Sends on this node; when stopping it waits for the answers to dots that have left.</summary>
sealed class SendHost(SendLoop loop, CurrentNode current) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await current.Joined.WaitAsync(stoppingToken);
        await loop.Work(() => current.Id, Schedule.IntervalOf(Schedule.Send), stoppingToken);
    }
}

/// <summary>
/// Compares the database with its witness, first of all before anything is sent, and then again and again.
/// </summary>
sealed class WitnessHost(Quarantine quarantine, TimeProvider time, ILogger<WitnessHost> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Look(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Schedule.IntervalOf(Schedule.Witness), time, stoppingToken);
            await Look(stoppingToken);
        }
    }

    async Task Look(CancellationToken cancel)
    {
        try
        {
            if (await quarantine.Look(cancel) is { } reason)
                log.LogWarning("Nothing is sent until a person confirms it: {Reason}", reason);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            log.LogError("The witness of this instance cannot be kept: {Reason}", failure.Message);
        }
    }
}

static class Workers
{
    /// <summary>Jobs and the clock, on nodes that work.</summary>
    public static void AddWorkers(this WebApplicationBuilder builder, NodeRoles roles, Database database)
    {
        if (!roles.Worker) return;
        builder.Services.AddSingleton(roles);
        builder.Services.AddSingleton<CurrentNode>();
        builder.Services.AddHostedService<WitnessHost>();
        builder.Services.AddHostedService<JobHost>();
        builder.Services.AddHostedService<SendHost>();
        builder.Services.AddHostedService<MailboxHost>();
        builder.Services.AddSingleton<ClockWork>(services => async (name, cancel) =>
        {
            var node = services.GetRequiredService<CurrentNode>();
            await node.Joined.WaitAsync(cancel);
            await Schedule.Run(name, services.GetRequiredService<Phases>(), node.Id, cancel);
        });
        builder.Services.AddClock(database.Source, Schedule.All);
    }
}
