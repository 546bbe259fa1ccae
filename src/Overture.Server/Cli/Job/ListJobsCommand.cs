using System.CommandLine;
using Overture.Core.Data;
using Overture.Core.Jobs;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ListJobsCommand
{
    public static Command Build(CliHost host)
    {
        var state = Word.Maybe<JobState>("--state", $"Only jobs in this state: {Word.All<JobState>()}.");
        var limit = Number.Option("--limit", "At most so many:", 25, 1, PageSize.Most);
        return host.Verb("list", "List the jobs, newest first.", [state, limit], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var jobs = await (await run.Get<JobQueue>(cancel)).List(
                workspace.Id, null, run.Args.GetValue(state), null, run.Args.GetValue(limit), cancel);
            run.Out.Rows(
                jobs,
                ("Id", job => job.Id.ToString()),
                ("Kind", job => job.Kind),
                ("State", job => job.State.ToString().ToLowerInvariant()),
                ("Done", job => job.ProgressTotal is { } total
                    ? $"{job.ProgressDone}/{total}" : $"{job.ProgressDone}"),
                ("Created", job => job.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss")),
                ("Error", job => job.Error ?? ""));
            return ExitCode.Ok;
        });
    }
}
