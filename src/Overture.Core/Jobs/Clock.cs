using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Overture.Core.Jobs;

/// <summary>
/// One line of a schedule: what runs, how often, and why; on one node at a time, or on every node by itself.
/// </summary>
public sealed record PeriodicJob(string Name, TimeSpan Interval, string Why, bool OnEveryNode = false);

/// <summary>What a tick does, by the name of its line in the schedule.</summary>
public delegate Task ClockWork(string name, CancellationToken cancel);

/// <summary>
/// The clock: Quartz, clustered on the same database, fires every line of the schedule on one node at a time.
/// A tick only finds what is due; a tick that is missed is not made up for, because the next one finds the
/// same.
/// </summary>
public static class Clock
{
    const string Group = "clock";
    const int Threads = 8;
    static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);
    static readonly TimeSpan CheckInGrace = TimeSpan.FromSeconds(8);

    public static IServiceCollection AddClock(
        this IServiceCollection services, NpgsqlDataSource source, IReadOnlyList<PeriodicJob> schedule)
    {
        services.AddSingleton<System.Data.Common.DbDataSource>(source);
        services.AddTransient<Tick>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "overture";
                options.InstanceId = $"{Environment.MachineName}-{Environment.ProcessId}";
            });
            quartz.UseDefaultThreadPool(Threads);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(options => options.UseRegisteredDataSource = true);
                store.ProvisionSchema();
                store.ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.TablePrefix = "quartz.qrtz_";
                });
                store.UseClustering(options =>
                {
                    options.CheckinInterval = CheckIn;
                    options.CheckinMisfireThreshold = CheckInGrace;
                });
            });
        });
        services.AddSingleton(schedule);
        services.AddHostedService<ClockStart>();
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    /// <summary>Writes the schedule into the store, replacing what an earlier version wrote.</summary>
    sealed class ClockStart(
        ISchedulerFactory factory,
        IReadOnlyList<PeriodicJob> schedule) : Microsoft.Extensions.Hosting.IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            foreach (var line in schedule)
            {
                if (line.OnEveryNode)
                {
                    await scheduler.DeleteJob(new JobKey(line.Name, Group), cancellationToken);
                    continue;
                }

                var job = JobBuilder.Create<Tick>().WithIdentity(line.Name, Group).WithDescription(line.Why)
                    .Build();
                var trigger = TriggerBuilder.Create().WithIdentity(line.Name, Group).StartNow()
                    .WithSimpleSchedule(every => every.WithInterval(line.Interval).RepeatForever()
                        .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))
                    .Build();
                await scheduler.ScheduleJobs(
                    new Dictionary<IJobDetail, IReadOnlyCollection<ITrigger>> { [job] = [trigger] },
                    ScheduleJobOptions.Replacing, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>One firing of one line of the schedule.</summary>
[DisallowConcurrentExecution]
public sealed class Tick(ClockWork work, ILogger<Tick> log) : IJob
{
    public async ValueTask Execute(
        IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        try
        {
            await work(name, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            log.LogDebug("The tick {Name} was stopped.", name);
        }
        catch (NpgsqlException away)
        {
            log.LogWarning("The tick {Name} waits for the database: {Reason}", name, away.Message);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "The tick {Name} failed.", name);
        }
    }
}
