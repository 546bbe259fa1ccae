using System.CommandLine;
using Overture.Core.Model;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class SnoozeInboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The conversation's number." };
        var until = new Option<DateTimeOffset>("--until")
        {
            Description = "The moment it comes back, such as 2026-05-04T09:00Z.", Required = true,
        };
        return host.Verb(
            "snooze", "Put a conversation off until a moment.", [id, until], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var (number, moment) = (run.Args.GetValue(id), run.Args.GetValue(until));
            await (await run.Get<Conversations>(cancel))
                .Snooze(workspace.Id, number, moment.UtcDateTime, cancel);
            run.Out.Show(
                new { conversation = number, until = moment },
                $"Conversation {number} comes back on {moment:yyyy-MM-dd HH:mm zzz}.");
            return ExitCode.Ok;
        });
    }
}
