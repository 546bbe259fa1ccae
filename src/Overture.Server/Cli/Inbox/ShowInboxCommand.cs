using System.CommandLine;
using Overture.Core.Reports;
using Overture.Server.Startup;

namespace Overture.Server.Cli;

static class ShowInboxCommand
{
    public static Command Build(CliHost host)
    {
        var id = new Argument<long>("id") { Description = "The conversation's number." };
        return host.Verb("show", "Show everything said in a conversation.", [id], async (run, cancel) =>
        {
            var workspace = await run.Workspace(cancel);
            var thread = await (await run.Get<InboxReport>(cancel)).Thread(
                workspace.Id, run.Args.GetValue(id), cancel);
            if (run.Out.IsJson) run.Out.Data(thread);
            else Show(run, thread);
            return ExitCode.Ok;
        });
    }

    static void Show(CliRun run, ConversationThread thread)
    {
        run.Out.Say($"{thread.Conversation.Subject}, with {thread.Conversation.Counterpart}");
        foreach (var entry in thread.Entries)
        {
            var intent = entry.Intent is { } wants ? $" [{wants}]" : "";
            run.Out.Say($"\n{entry.At:yyyy-MM-dd HH:mm} {entry.Kind} {entry.Author}{intent}\n{entry.Text.Trim()}");
        }
    }
}
