using System.Text.Json;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

/// <summary>
/// Runs a job from the command line: here when nobody else took it, with a bar on a terminal. The same
/// command given again finds its unfinished job and goes on with it.
/// </summary>
static class LongJob
{
    static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);

    public static async Task<int> Run(
        CliRun run, string kind, object parameters, string title, CancellationToken cancel)
    {
        var workspace = await run.Workspace(cancel);
        var queue = await run.Get<JobQueue>(cancel);
        var key = $"{kind}:{JsonSerializer.Serialize(parameters, JobJson.Options)}";
        var id = await queue.Enqueue(workspace.Id, kind, parameters, CliRun.By, cancel, key);
        return await Watch(run, workspace.Id, id, title, cancel);
    }

    /// <summary>Works on the job if it is free, waits for it otherwise, and prints how it ended.</summary>
    public static async Task<int> Watch(
        CliRun run, long workspaceId, long id, string title, CancellationToken cancel)
    {
        var queue = await run.Get<JobQueue>(cancel);
        try
        {
            var job =
                await run.Out.Progress(title, show => Finish(run, queue, workspaceId, id, show, cancel));
            return Print(run, job);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            run.Out.Say($"Left alone. What was done is kept; go on with: overture job watch {id}");
            return ExitCode.Cancelled;
        }
    }

    static async Task<Job> Finish(
        CliRun run, JobQueue queue, long workspaceId, long id, Action<long, long?> show,
        CancellationToken cancel)
    {
        await using var node = await Node.Join(
            await run.Get<Database>(cancel), "command line", await run.Get<TimeProvider>(cancel), cancel);
        var working = (await run.Get<JobWorker>(cancel)).RunOnly(node, workspaceId, id, cancel);
        while (true)
        {
            var job = await queue.Get(workspaceId, id, cancel);
            show(job.ProgressDone, job.ProgressTotal);
            if (job.IsFinished)
            {
                await working;
                return job;
            }

            await Task.Delay(LookAgainAfter, await run.Get<TimeProvider>(cancel), cancel);
        }
    }

    static int Print(CliRun run, Job job)
    {
        if (job.State == JobState.Completed)
        {
            if (run.Out.IsJson) Console.Out.WriteLine(Compact(job.Result!));
            else foreach (var (name, value) in Lines(job.Result!)) Console.Out.WriteLine($"{name}\t{value}");
            return ExitCode.Ok;
        }

        var sentence = job.State == JobState.Cancelled ? "The job was cancelled." : job.Error
            ?? "The job failed.";
        if (run.Out.IsJson)
            run.Out.Data(
                new { error = new { code = "job_" + job.State.ToString()
                    .ToLowerInvariant(), sentence, job = job.Id } });
        else run.Out.Say(sentence);
        return job.State == JobState.Cancelled ? ExitCode.Cancelled : ExitCode.Error;
    }

    static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }

    static IEnumerable<(string Name, string Value)> Lines(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(
            property => (property.Name.Replace('_', ' '), property.Value.ToString()))];
    }
}
